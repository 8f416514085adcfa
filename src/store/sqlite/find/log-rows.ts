import type { StoredLink } from '../../../gateway/audit/audit-ports.ts';
import type { PlacedRecord } from '../../../gateway/ports.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from '../driver.ts';
import { storeFault } from '../fault.ts';
import { COLUMNS, linkOf, placedOf } from '../listing.ts';
import type { IndexState, Span } from './index-tables.ts';
import type { IndexedRow } from './index-words.ts';

/** What a place of the log needs to be indexed. */
export interface LogRow extends IndexedRow {
  readonly n: number;
  readonly at: number;
  readonly hash: string;
}

/** `body` of an outcome. */
export interface PassedRow {
  readonly n: number;
  readonly id: string;
  readonly body: string | undefined;
}

/** The log as a search reads it: in short looks, none of which holds up who writes. All throw `StoreFault`. */
export class LogRows {
  readonly #path: string;
  readonly #db: Database;
  readonly #ends: Statement;
  readonly #hash: Statement;
  readonly #after: Statement;
  readonly #within: Statement;
  readonly #at: Statement;
  readonly #with: Statement;
  readonly #outcomes: Statement;

  constructor(path: string, db: Database) {
    this.#path = path;
    this.#db = db;
    this.#ends = db.prepare('SELECT (SELECT min(n) FROM record) AS first, (SELECT max(n) FROM record) AS last');
    this.#hash = db.prepare('SELECT hash FROM record WHERE n = ?');
    this.#after = db.prepare('SELECT n, id, kind, at, limits, body, hash FROM record WHERE n > ? ORDER BY n LIMIT ?');
    this.#within = db.prepare(`${COLUMNS} WHERE record.n BETWEEN ? AND ? ORDER BY record.n DESC LIMIT ?`);
    this.#at = db.prepare(`${COLUMNS} WHERE record.n = ?`);
    this.#with = db.prepare(`${COLUMNS} WHERE record.n > ? AND record.id = ? ORDER BY record.n`);
    this.#outcomes = db.prepare(
      `SELECT n, id, CASE kind WHEN 'outcome' THEN body END AS body FROM record WHERE n > ? ORDER BY n LIMIT ?`,
    );
  }

  /** The first and the last place; 0 and 0 of an empty log. */
  ends(): { readonly first: number; readonly last: number } {
    return this.#look(() => {
      const { first, last } = this.#ends.get() ?? {};
      return { first: typeof first === 'number' ? first : 0, last: typeof last === 'number' ? last : 0 };
    });
  }

  /** Whether an index that was made up to there is one of this log. */
  has({ upto, mark }: IndexState): boolean {
    return this.#look(() => upto > 0 && this.#hash.get(upto)?.['hash'] === mark);
  }

  after(n: number, limit: number): readonly LogRow[] {
    return this.#look(() => this.#after.all(n, limit).map(rowOf));
  }

  /** The last records of a span, newest first. */
  within({ from, to }: Span, limit: number): readonly PlacedRecord[] {
    return this.#look(() => this.#within.all(from, to, limit).map(placedOf));
  }

  /** Those of the records at these places that are there. */
  at(places: readonly number[]): readonly PlacedRecord[] {
    return this.#look(() =>
      places.flatMap((n) => {
        const row = this.#at.get(n);
        return row === undefined ? [] : [placedOf(row)];
      }),
    );
  }

  linksAt(places: readonly number[]): readonly StoredLink[] {
    return this.#look(() =>
      places.flatMap((n) => {
        const row = this.#at.get(n);
        return row === undefined ? [] : [linkOf(row)];
      }),
    );
  }

  /** Reads everything after that place: there is no index by id, since every record would pay for it. */
  linksAfter(n: number, id: string): readonly StoredLink[] {
    return this.#look(() => this.#with.all(n, id).map(linkOf));
  }

  /** The next places, each with its body if it is an outcome. */
  outcomesAfter(n: number, limit: number): readonly PassedRow[] {
    return this.#look(() =>
      this.#outcomes.all(n, limit).map((row) => ({
        n: numberIn(row, 'n'),
        id: textIn(row, 'id'),
        body: row['body'] === null ? undefined : textIn(row, 'body'),
      })),
    );
  }

  close(): void {
    if (this.#db.isOpen) this.#db.close();
  }

  #look<T>(look: () => T): T {
    try {
      return look();
    } catch (error) {
      throw storeFault(this.#path, error);
    }
  }
}

function rowOf(row: Row): LogRow {
  return {
    n: numberIn(row, 'n'),
    id: textIn(row, 'id'),
    kind: textIn(row, 'kind'),
    at: numberIn(row, 'at'),
    limits: textIn(row, 'limits'),
    body: textIn(row, 'body'),
    hash: textIn(row, 'hash'),
  };
}
