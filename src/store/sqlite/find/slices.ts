import { setImmediate as turn } from 'node:timers/promises';
import type { AuditFilter } from '../../../gateway/audit/find/audit-filter.ts';
import type { PlacedRecord } from '../../../gateway/ports.ts';
import type { IndexFile } from './index-file.ts';
import type { IndexTables, Span } from './index-tables.ts';
import { queryOf } from './index-words.ts';
import type { LogRows } from './log-rows.ts';

/** Records looked at in one go, a few milliseconds; between two of them other work has its turn. */
const FIRST = 64;
const MOST = 512;

/** Records among which are all that are looked for between two places, newest first. */
export interface Slice {
  readonly records: readonly PlacedRecord[];
  /** All that stand there are among them, whatever they are. */
  readonly isWhole: boolean;
  /** The place before which it goes on; 0 at the end of all. */
  readonly before: number;
}

/** What of a log may be looked for. */
export class Slices {
  readonly #index: IndexFile;
  readonly #log: LogRows;

  constructor(index: IndexFile, log: LogRows) {
    this.#index = index;
    this.#log = log;
  }

  /** The index may grow, be deleted or be made anew meanwhile: each slice begins with what it is then. */
  async *of(filter: AuditFilter, from: number = Number.MAX_SAFE_INTEGER): AsyncGenerator<Slice> {
    const query = queryOf(filter);
    let before = from;
    for (let limit = FIRST; before > 1; limit = Math.min(2 * limit, MOST)) {
      await turn();
      const slice = this.#next(filter, query, before, limit);
      yield slice;
      before = slice.before;
    }
  }

  #next(filter: AuditFilter, query: string | undefined, before: number, limit: number): Slice {
    const known = this.#index.read((tables) => ({
      ...tables.state(),
      ...lookedUp(tables, filter, query, before, limit),
    }));
    const ours = known !== undefined && this.#log.has(known) ? known : undefined;
    const upto = ours?.upto ?? 0;
    if (before > upto + 1) return this.#whole({ from: upto + 1, to: before - 1 }, limit, upto + 1);
    if (ours?.span === undefined) return { records: [], isWhole: false, before: 0 };
    if (ours.places === undefined) return this.#whole(ours.span, limit, 0);
    const isLast = ours.places.length < limit;
    return { records: this.#log.at(ours.places), isWhole: false, before: isLast ? 0 : (ours.places.at(-1) ?? 0) };
  }

  #whole(span: Span, limit: number, then: number): Slice {
    const records = this.#log.within(span, limit);
    return { records, isWhole: true, before: records.length < limit ? then : (records.at(-1)?.n ?? 0) };
  }
}

/** What the index knows of the records before a place: the span in which they are, and, if it was asked for words, the places. */
function lookedUp(
  tables: IndexTables,
  { since = -Infinity, until = Infinity }: AuditFilter,
  query: string | undefined,
  before: number,
  limit: number,
): { readonly span: Span | undefined; readonly places: readonly number[] | undefined } {
  const ofTime = tables.spanOf(since, until);
  const span = ofTime && { from: ofTime.from, to: Math.min(ofTime.to, before - 1) };
  return { span, places: span === undefined || query === undefined ? undefined : tables.find(query, span, limit) };
}
