import type { AuditFilter } from './audit-filter.ts';
import type { AuditSearch, FoundRecord } from './audit-search.ts';

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly FoundRecord[];
  /** The place before which the next page begins; undefined when there is none. */
  readonly next: number | undefined;
}

/** The first records that are found before a place, at most `limit`. */
export async function readPage(
  search: Pick<AuditSearch, 'find'>,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
): Promise<AuditPage> {
  const records: FoundRecord[] = [];
  for await (const some of search.find(filter, before)) {
    records.push(...some);
    // One more than is asked for tells that there is a next page.
    if (records.length > limit) return { records: records.slice(0, limit), next: records[limit - 1]?.n };
  }
  return { records, next: undefined };
}
