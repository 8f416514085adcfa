import { type Database, numberIn, type Statement, textIn } from '../driver.ts';

/** Another number, another index: what is found in place of this one is made anew. */
export const FORMAT = 1;
/** Places in one table of words: a word that many records have is read of the newest tables only, and what is removed goes as a table. */
const PLACES = 131_072;
/** Places of which the earliest and the latest time are kept. */
const BLOCK = 1_024;

// `state.upto` is the last place that is indexed, `mark` the hash of the record there, which tells whether this is still the index of the log.
const TABLES = `
  PRAGMA user_version = ${FORMAT};
  CREATE TABLE state (one INTEGER PRIMARY KEY CHECK (one = 1), upto INTEGER NOT NULL, mark TEXT NOT NULL) STRICT;
  INSERT INTO state VALUES (1, 0, '');
  CREATE TABLE part (n INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE block (n INTEGER PRIMARY KEY, earliest REAL NOT NULL, latest REAL NOT NULL) STRICT;
`;

export interface IndexState {
  readonly upto: number;
  readonly mark: string;
}

/** Places from one to another, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Makes the tables. Call it in a write transaction on an empty database. */
export function makeIndexTables(db: Database): void {
  db.exec(TABLES);
}

export function formatOf(db: Database): number {
  return numberIn(db.prepare('PRAGMA user_version').get(), 'user_version');
}

/** What stands in an index. Call everything inside a transaction. */
export class IndexTables {
  readonly #db: Database;
  readonly #state: Statement;
  readonly #advance: Statement;
  readonly #parts: Statement;
  readonly #blocks: Statement;
  readonly #keepBlock: Statement;
  readonly #adds = new Map<number, Statement>();
  readonly #finds = new Map<number, Statement>();

  constructor(db: Database) {
    this.#db = db;
    this.#state = db.prepare('SELECT upto, mark FROM state');
    this.#advance = db.prepare('UPDATE state SET upto = ?, mark = ?');
    this.#parts = db.prepare('SELECT n FROM part WHERE n BETWEEN ? AND ? ORDER BY n DESC');
    this.#blocks = db.prepare('SELECT min(n) AS first, max(n) AS last FROM block WHERE latest >= ? AND earliest < ?');
    this.#keepBlock = db.prepare(
      `INSERT INTO block VALUES (?, ?, ?) ON CONFLICT DO UPDATE
       SET earliest = min(earliest, excluded.earliest), latest = max(latest, excluded.latest)`,
    );
  }

  state(): IndexState {
    const row = this.#state.get();
    return { upto: numberIn(row, 'upto'), mark: textIn(row, 'mark') };
  }

  /** Places within a span of which the words are asked for, the last first. */
  find(query: string, { from, to }: Span, limit: number): readonly number[] {
    const found: number[] = [];
    for (const part of this.#partsIn(from, to)) {
      const rows = this.#finder(part).all(query, from, to, limit - found.length);
      for (const row of rows) found.push(numberIn(row, 'rowid'));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** A span outside of which nothing that is indexed is of that time; undefined where nothing is. */
  spanOf(since: number, until: number): Span | undefined {
    const row = this.#blocks.get(since, until);
    if (row === undefined || row['first'] === null) return undefined;
    return { from: numberIn(row, 'first') * BLOCK, to: numberIn(row, 'last') * BLOCK + BLOCK - 1 };
  }

  add(n: number, at: number, words: string): void {
    this.#adder(Math.floor(n / PLACES)).run(n, words);
    this.#keepBlock.run(Math.floor(n / BLOCK), at, at);
  }

  advance({ upto, mark }: IndexState): void {
    this.#advance.run(upto, mark);
  }

  /** Forgets what stands at places before this one, where that is a whole table. */
  forgetBefore(n: number): void {
    for (const part of this.#partsIn(0, n - 1)) {
      if ((part + 1) * PLACES > n) continue;
      this.#drop(part);
      this.#db.prepare('DELETE FROM block WHERE n < ?').run(((part + 1) * PLACES) / BLOCK);
    }
  }

  clear(): void {
    for (const part of this.#partsIn(0, Number.MAX_SAFE_INTEGER)) this.#drop(part);
    this.#db.exec("DELETE FROM block; UPDATE state SET upto = 0, mark = ''");
  }

  #drop(part: number): void {
    this.#adds.delete(part);
    this.#finds.delete(part);
    this.#db.exec(`DROP TABLE words_${part}; DELETE FROM part WHERE n = ${part}`);
  }

  #partsIn(from: number, to: number): readonly number[] {
    return this.#parts.all(Math.floor(from / PLACES), Math.floor(to / PLACES)).map((row) => numberIn(row, 'n'));
  }

  #finder(part: number): Statement {
    const known = this.#finds.get(part);
    if (known !== undefined) return known;
    const name = `words_${part}`;
    const made = this.#db.prepare(
      `SELECT rowid FROM ${name} WHERE ${name} MATCH ? AND rowid BETWEEN ? AND ? ORDER BY rowid DESC LIMIT ?`,
    );
    this.#finds.set(part, made);
    return made;
  }

  #adder(part: number): Statement {
    const known = this.#adds.get(part);
    if (known !== undefined && this.#partsIn(part * PLACES, part * PLACES).length > 0) return known;
    if (this.#partsIn(part * PLACES, part * PLACES).length === 0) {
      // The words come ready, in one case, with blanks between them: nothing beyond ASCII is no letter.
      this.#db.exec(
        `CREATE VIRTUAL TABLE words_${part} USING fts5 (words, content = '', detail = none, columnsize = 0, tokenize = 'ascii');
         INSERT INTO part VALUES (${part})`,
      );
    }
    const made = this.#db.prepare(`INSERT INTO words_${part} (rowid, words) VALUES (?, ?)`);
    this.#adds.set(part, made);
    return made;
  }
}
