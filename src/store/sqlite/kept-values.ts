import type { KeptValue, ValueSealer, WrappedKey } from '../../gateway/audit/audit-ports.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';

/** The tables of arguments that are kept whole, and of the keys that they are sealed with. */
export class KeptValues {
  readonly #add: Statement;
  readonly #addKey: Statement;
  readonly #between: Statement;
  readonly #of: Statement;
  readonly #keys: Statement;
  readonly #rewrap: Statement;
  readonly #erase: Statement;
  /** The key of this process, once its row is committed or about to be. */
  #stored: string | undefined;

  constructor(db: Database) {
    this.#add = db.prepare('INSERT INTO value (n, key, sealed) VALUES (?, ?, ?)');
    this.#addKey = db.prepare('INSERT OR IGNORE INTO value_key (id, master, wrapped, made) VALUES (?, ?, ?, ?)');
    this.#between = db.prepare(
      'SELECT n, key AS id, sealed, master, wrapped FROM value JOIN value_key ON id = key WHERE n BETWEEN ? AND ?',
    );
    this.#of = db.prepare(
      `SELECT key AS id, sealed, master, wrapped FROM value JOIN value_key ON id = key
       WHERE n = (SELECT n FROM record WHERE writer = (SELECT n FROM writer WHERE id = ?) AND seq = ?)`,
    );
    this.#keys = db.prepare('SELECT id, master, wrapped FROM value_key');
    this.#rewrap = db.prepare('UPDATE value_key SET master = ?, wrapped = ? WHERE id = ?');
    this.#erase = db.prepare('DELETE FROM value WHERE n = ?');
  }

  /** Inside a transaction. */
  add(n: number, at: number, sealed: Uint8Array, { key }: ValueSealer): void {
    if (this.#stored !== key.id) this.#addKey.run(key.id, key.master, key.wrapped, at);
    this.#stored = key.id;
    this.#add.run(n, key.id, sealed);
  }

  /** After a failed transaction: its row may not be there. */
  forget(): void {
    this.#stored = undefined;
  }

  between(first: number, last: number): ReadonlyMap<number, KeptValue> {
    return new Map(this.#between.all(first, last).map((row) => [numberIn(row, 'n'), keptIn(row)]));
  }

  of(writer: string, seq: number): KeptValue | undefined {
    const [row] = this.#of.all(writer, seq);
    return row && keptIn(row);
  }

  keys(): readonly WrappedKey[] {
    return this.#keys.all().map(keyIn);
  }

  /** Inside a transaction. */
  rewrap({ id, master, wrapped }: WrappedKey): void {
    this.#rewrap.run(master, wrapped, id);
  }

  /** Inside a transaction. Says whether there was one. */
  erase(n: number): boolean {
    return Number(this.#erase.run(n).changes) > 0;
  }
}

function keptIn(row: Row): KeptValue {
  return { key: keyIn(row), sealed: bytesIn(row, 'sealed') };
}

function keyIn(row: Row): WrappedKey {
  return { id: textIn(row, 'id'), master: textIn(row, 'master'), wrapped: bytesIn(row, 'wrapped') };
}

function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw new Error(`column ${column} holds no bytes`);
  return value;
}
