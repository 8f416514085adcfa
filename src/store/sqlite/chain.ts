import { hash } from 'node:crypto';
import { GENESIS, linkText } from '../../gateway/audit-link.ts';
import type { Entry } from '../../gateway/ports.ts';
import { type Database, numberIn, type Statement, textIn } from './driver.ts';
import { Removed } from './removed.ts';

export interface Writer {
  /** The writer's row. */
  readonly n: number;
  /** 16 random bytes, hex. */
  readonly id: string;
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The chain of one writer. Only this object writes under its id. */
export class Chain {
  readonly #writer: Writer;
  readonly #insert: Statement;
  readonly #last: Statement;
  readonly #removed: Removed;
  #head: Head | undefined;
  #fresh: string[] = [];

  constructor(db: Database, writer: Writer) {
    this.#writer = writer;
    this.#insert = db.prepare(
      'INSERT INTO record (writer, seq, id, kind, at, limits, body, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#last = db.prepare('SELECT seq, hash FROM record WHERE writer = ? ORDER BY seq DESC LIMIT 1');
    this.#removed = new Removed(db);
  }

  /** Writes one link inside a transaction; gives its place in the log. */
  append(entry: Entry, limits: string): number {
    const { n, id: writer } = this.#writer;
    const { id, kind, at, body } = entry;
    const head = this.#head ?? this.#stored();
    const seq = head.seq + 1;
    const digest = hash('sha256', linkText(head.hash, { writer, seq, id, kind, at, limits, body }), 'hex');
    const { lastInsertRowid } = this.#insert.run(n, seq, id, kind, at, limits, body, digest);
    this.#head = { seq, hash: digest };
    this.#fresh.push(digest);
    return Number(lastInsertRowid);
  }

  /** The hashes of what was written since this was last asked: after the transaction, those of its links. */
  takeFresh(): readonly string[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  /** After a failed transaction: the head is what the database says it is. */
  forget(): void {
    this.#head = undefined;
    this.#fresh = [];
  }

  #stored(): Head {
    const row = this.#last.get(this.#writer.n);
    // Of a writer that was silent for long retention may have removed all.
    if (row === undefined) return this.#removed.of(this.#writer.n) ?? { seq: 0, hash: GENESIS };
    return { seq: numberIn(row, 'seq'), hash: textIn(row, 'hash') };
  }
}
