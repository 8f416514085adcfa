import type { AuditFilter } from './audit-filter.ts';

export interface AuditWish {
  readonly filter: AuditFilter;
  /** The place before which the page begins; undefined for the end of the log. */
  readonly before: number | undefined;
  readonly limit: number;
}

/** A page of records as JSON, one line each, as `toolgate audit list --jsonl` prints them. */
export interface WrittenPage {
  readonly records: readonly string[];
  readonly next: number | undefined;
}

/** Where people look at the log, without holding up the calls. Methods reject with `StoreFault`. */
export interface AuditDesk {
  page(wish: AuditWish): Promise<WrittenPage>;
  /** Everything about one id, as a JSON object; undefined if there is nothing. */
  one(id: string): Promise<string | undefined>;
}
