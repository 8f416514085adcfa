import * as sqlite from 'node:sqlite';

export type Database = sqlite.DatabaseSync;
export type Statement = sqlite.StatementSync;
export type Row = Record<string, sqlite.SQLOutputValue>;

/**
 * Opens one connection. `busyMs` is how long a locked statement blocks this thread before it throws.
 * Connections never checkpoint of their own accord: that is the checkpoint worker's task.
 */
export function openDatabase(path: string, options: { readonly readOnly: boolean; readonly busyMs: number }): Database {
  // Newer Node renames DatabaseSync; a named import of either would not link on the other.
  const Connection: typeof sqlite.DatabaseSync = Reflect.get(sqlite, 'DatabaseSync') ?? Reflect.get(sqlite, 'Database');
  const db = new Connection(path, { readOnly: options.readOnly, timeout: options.busyMs });
  try {
    db.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA trusted_schema = OFF;');
  } catch (error) {
    db.close();
    throw error;
  }
  return db;
}

export function numberIn(row: Row | undefined, column: string): number {
  const value = row?.[column];
  if (typeof value !== 'number') throw new Error(`column ${column} holds no number`);
  return value;
}

export function textIn(row: Row | undefined, column: string): string {
  const value = row?.[column];
  if (typeof value !== 'string') throw new Error(`column ${column} holds no text`);
  return value;
}
