import type { RemovedLink } from '../../gateway/audit/audit-ports.ts';
import { type Database, numberIn, type Statement, textIn } from './driver.ts';

/** The last link of each writer that retention removed. */
export class Removed {
  readonly #of: Statement;
  readonly #put: Statement;
  readonly #all: Statement;

  constructor(db: Database) {
    this.#of = db.prepare('SELECT seq, hash FROM removed WHERE writer = ?');
    this.#put = db.prepare('INSERT OR REPLACE INTO removed (writer, seq, hash) VALUES (?, ?, ?)');
    // A writer whose row is gone has a name that no checkpoint signed.
    this.#all = db.prepare(
      `SELECT coalesce(writer.id, 'writer ' || removed.writer || ' is missing') AS writer, seq, hash
       FROM removed LEFT JOIN writer ON writer.n = removed.writer`,
    );
  }

  /** Of the writer with this row. */
  of(row: number): RemovedLink | undefined {
    const found = this.#of.get(row);
    return found === undefined ? undefined : { seq: numberIn(found, 'seq'), hash: textIn(found, 'hash') };
  }

  /** Inside a transaction. */
  put(row: number, { seq, hash }: RemovedLink): void {
    this.#put.run(row, seq, hash);
  }

  /** By the ids of writers. */
  all(): ReadonlyMap<string, RemovedLink> {
    return new Map(
      this.#all.all().map((row) => [textIn(row, 'writer'), { seq: numberIn(row, 'seq'), hash: textIn(row, 'hash') }]),
    );
  }
}
