import type { AuditSearch, FoundRecord } from '../../src/gateway/audit/find/audit-search.ts';
import { matcher } from '../../src/gateway/audit/find/is-match.ts';
import type { ListedRecord } from '../../src/gateway/ports.ts';

/** Searches a list of records, oldest first, by looking at each. */
export function logSearch(log: readonly ListedRecord[]): AuditSearch {
  const placed = log.map((record, index): FoundRecord => ({ ...record, n: index + 1 }));
  return {
    async *find(filter, before = Number.MAX_SAFE_INTEGER) {
      const isMatch = matcher(filter);
      yield placed.filter((record) => record.n < before && isMatch(record)).toReversed();
    },
    linksWith: async (id) => log.filter((link) => link.id === id),
    catchUp: async () => {},
    close: async () => {},
  };
}
