import type { AuditFilter } from './audit-filter.ts';
import type { AuditSearch, FoundRecord } from './audit-search.ts';

export interface AuditPage {
  /** Newest first. */
  readonly records: readonly FoundRecord[];
  /** The place before which the next page begins; undefined when there is none. */
  readonly next: number | undefined;
}

/** The first records that are found before a place, at most `limit`, and no more letters than so many, but one record always. */
export async function readPage(
  search: Pick<AuditSearch, 'find'>,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
  mostLetters: number = Infinity,
): Promise<AuditPage> {
  const records: FoundRecord[] = [];
  let letters = 0;
  for await (const some of search.find(filter, before)) {
    for (const record of some) {
      letters += lettersOf(record);
      // One more than goes onto the page tells that there is a next one.
      const isFull = records.length >= limit || (letters > mostLetters && records.length > 0);
      if (isFull) return { records, next: records.at(-1)?.n };
      records.push(record);
    }
  }
  return { records, next: undefined };
}

function lettersOf({ body, limits, outcome = '' }: FoundRecord): number {
  return body.length + limits.length + outcome.length;
}
