import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { RecordKind } from '../../src/gateway/ports.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

export interface WrittenRecord {
  readonly id: string;
  readonly kind: RecordKind;
  readonly at: number;
  readonly limits: string;
  readonly body: string;
}

/** A log written row by row, faster than a gateway writes it, so that tests can have any rows they like. */
export interface RecordLog {
  /** Adds rows behind those that are there. */
  add(records: readonly WrittenRecord[]): void;
  /** Removes all rows up to that place. */
  removeUpTo(n: number): void;
  removeAll(): void;
  close(): void;
}

export async function recordLog(folder: string): Promise<RecordLog> {
  const store = await openSqliteStore({ folder, sync: 'interval', clock: { now: () => 0 }, onFault: console.error });
  await store.close();
  const db = openDatabase(join(folder, 'toolgate.db'), { readOnly: false, busyMs: 1_000 });
  db.exec('PRAGMA synchronous = OFF');
  const insert = db.prepare(
    'INSERT INTO record (writer, seq, id, kind, at, limits, body, hash) VALUES (1, ?, ?, ?, ?, ?, ?, ?)',
  );
  let seq = Number(db.prepare('SELECT coalesce(max(seq), 0) AS seq FROM record').get()?.['seq']);
  return {
    add(records) {
      db.exec('BEGIN');
      for (const { id, kind, at, limits, body } of records) {
        seq += 1;
        insert.run(seq, id, kind, at, limits, body, hash('sha256', `${seq} ${id} ${body} ${Math.random()}`, 'hex'));
      }
      db.exec('COMMIT');
    },
    removeUpTo: (n) => void db.prepare('DELETE FROM record WHERE n <= ?').run(n),
    removeAll: () => db.exec('DELETE FROM record'),
    close: () => db.close(),
  };
}
