import type { DueNotice, Notice } from '../../gateway/approvals/approval-ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { quoted } from '../../policy/problem.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** Of the hooks that are named in a JSON array. */
const DUE = 'hook IN (SELECT value FROM json_each(?)) AND due <= ?';

/** The table of what people are still to be told of. */
export class Notices {
  readonly #add: Statement;
  readonly #isAny: Statement;
  readonly #due: Statement;
  readonly #old: Statement;
  readonly #lease: Statement;
  readonly #again: Statement;
  readonly #remove: Statement;

  constructor(db: Database) {
    // The same notice once more is no other one.
    this.#add = db.prepare(
      'INSERT INTO notice (id, hook, event, at, body, attempts, due) VALUES (?, ?, ?, ?, ?, 0, 0) ON CONFLICT (id) DO NOTHING',
    );
    this.#isAny = db.prepare(`SELECT 1 FROM notice WHERE ${DUE} LIMIT 1`);
    this.#due = db.prepare(`SELECT * FROM notice WHERE ${DUE} ORDER BY n LIMIT ?`);
    this.#old = db.prepare('SELECT * FROM notice WHERE at < ? AND due <= ? ORDER BY at LIMIT ?');
    this.#lease = db.prepare('UPDATE notice SET due = ? WHERE n = ?');
    this.#again = db.prepare('UPDATE notice SET due = ?, attempts = attempts + 1 WHERE id = ?');
    this.#remove = db.prepare('DELETE FROM notice WHERE id = ?');
  }

  /** Throws a `StoreFault` unless these can be written. */
  check(notices: readonly Notice[]): void {
    for (const { id, hook, event, at, body } of notices) {
      const isWhole = [id, hook, event, body].every((text) => text.isWellFormed()) && Number.isFinite(at);
      if (!isWhole) throw new StoreFault(`notice ${quoted(id)} cannot be kept: its text or its time is broken`);
    }
  }

  /** Writes what was checked, inside a transaction; says how many characters. */
  add(notices: readonly Notice[]): number {
    let characters = 0;
    for (const { id, hook, event, at, body } of notices) {
      this.#add.run(id, hook, event, at, body);
      characters += body.length;
    }
    return characters;
  }

  isAnyDue(hooks: readonly string[], now: number): boolean {
    return this.#isAny.get(JSON.stringify(hooks), now) !== undefined;
  }

  /** Hands out what is due, inside a transaction: nobody else is given it before `until`. */
  take(hooks: readonly string[], now: number, until: number, limit: number): readonly DueNotice[] {
    return this.#leased(this.#due.all(JSON.stringify(hooks), now, limit), until);
  }

  /** The same of those that are older than `before`, whatever their hook. */
  takeOld(before: number, now: number, until: number, limit: number): readonly DueNotice[] {
    return this.#leased(this.#old.all(before, now, limit), until);
  }

  again(id: string, due: number): void {
    this.#again.run(due, id);
  }

  /** Says whether it was still there. */
  remove(id: string): boolean {
    return Number(this.#remove.run(id).changes) > 0;
  }

  #leased(rows: readonly Row[], until: number): readonly DueNotice[] {
    for (const row of rows) this.#lease.run(until, numberIn(row, 'n'));
    return rows.map(noticeIn);
  }
}

function noticeIn(row: Row): DueNotice {
  return {
    id: textIn(row, 'id'),
    hook: textIn(row, 'hook'),
    event: textIn(row, 'event'),
    at: numberIn(row, 'at'),
    body: textIn(row, 'body'),
    attempts: numberIn(row, 'attempts'),
  };
}
