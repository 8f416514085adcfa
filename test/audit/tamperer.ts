import type { DatabaseSync } from 'node:sqlite';
import { expect } from 'vitest';
import { checkLog } from '../../src/cli/check-log.ts';
import { readHead } from '../../src/cli/head-file.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { isObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { secondVerifier } from './second-verifier.ts';
import type { LogFolder } from './small-log.ts';

const TABLES = ['record', 'seal', 'writer', 'removed'] as const;
type Table = (typeof TABLES)[number];

/** Somebody who may write a log's folder, and tries what both verifiers find. */
export interface Tamperer {
  readonly db: DatabaseSync;
  /** What both find, with the head that was exported before or with nothing from outside. */
  found(known: 'head' | 'nothing'): Promise<{ ours: readonly string[]; theirs: readonly string[] }>;
  /** Does it, lets both look, and puts everything back as it was. False where the database itself refuses it. */
  tampered(sql: string, known: 'head' | 'nothing'): Promise<boolean>;
  /** Turns every byte of one column of every row, or of those; gives how many there were. */
  everyFlip(table: Table, column: string, where?: string): Promise<number>;
  numbers(table: 'record' | 'seal'): readonly number[];
  close(): Promise<void>;
}

/** Of long texts one in so many bytes is turned, others in each run; `npm run proof:tampering` turns all of them. */
const EVERY = Number(process.env['TOOLGATE_FLIP_EVERY'] ?? 12);
const LONG = 60;

/** The value with one character, or one bit of the number, turned. */
function flips(value: unknown): readonly string[] {
  if (typeof value === 'number') {
    const bits = Array.from({ length: 20 }, (_, bit) => Math.floor(value / 2 ** bit) % 2);
    return bits.map((bit, at) => String(value + (bit === 1 ? -1 : 1) * 2 ** at));
  }
  if (typeof value !== 'string') return ["''", "'x'"];
  const every = value.length < LONG ? 1 : EVERY;
  const first = Math.floor(Math.random() * every);
  return Array.from({ length: Math.ceil((value.length - first) / every) }, (_, index) => {
    const at = first + index * every;
    const turned = String.fromCharCode(value.charCodeAt(at) ^ 1);
    return `'${(value.slice(0, at) + turned + value.slice(at + 1)).toWellFormed().replaceAll("'", "''")}'`;
  });
}

export async function tamperer(folder: LogFolder): Promise<Tamperer> {
  const second = await secondVerifier();
  const headText = (await folder.audit('head')).out;
  const read = readJson(headText, STRICT);
  if (read.kind !== 'value' || !isObject(read.value)) throw new Error('no head');
  const head = readHead(read.value);
  const db = folder.database();

  async function found(known: 'head' | 'nothing'): Promise<{ ours: readonly string[]; theirs: readonly string[] }> {
    const wanted = { since: undefined, key: undefined, head: known === 'head' ? head : undefined };
    // Each looks at one moment.
    const log = await openSqliteLog(folder.path);
    const { breaks } = await checkLog(log, wanted).finally(() => log.close());
    const theirs: string[] = [];
    const checked = second.checkLog(db, theirs);
    if (known === 'head') second.checkHead(headText, checked, theirs);
    return { ours: breaks.map(({ what }) => what), theirs };
  }

  return {
    db,
    found,
    async tampered(sql, known) {
      for (const table of TABLES)
        db.exec(`DROP TABLE IF EXISTS kept_${table}; CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
      try {
        db.exec(sql);
      } catch (error) {
        expect(String(error)).toMatch(/constraint/i);
        return false;
      }
      try {
        const { ours, theirs } = await found(known);
        expect({ sql, ours: ours.length > 0, theirs: theirs.length > 0 }).toEqual({ sql, ours: true, theirs: true });
        return true;
      } finally {
        for (const table of TABLES) db.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}`);
      }
    },
    async everyFlip(table, column, where = 'true') {
      let done = 0;
      for (const row of db.prepare(`SELECT rowid AS place, * FROM ${table} WHERE ${where}`).all()) {
        for (const flip of flips(row[column])) {
          const back = row[column];
          const change = `UPDATE ${table} SET ${column} = ${flip} WHERE rowid = ${row['place']}`;
          try {
            db.exec(change);
          } catch (error) {
            expect(String(error)).toMatch(/constraint/i);
            continue;
          }
          const { ours, theirs } = await found('nothing');
          expect({ change, ours: ours.length > 0, theirs: theirs.length > 0 }).toEqual({
            change,
            ours: true,
            theirs: true,
          });
          // In these the column is the row's own number.
          const isPlace = column === 'n' || (table === 'removed' && column === 'writer');
          db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(
            back ?? null,
            isPlace ? Number(flip) : Number(row['place']),
          );
          done += 1;
        }
      }
      return done;
    },
    numbers: (table) =>
      db
        .prepare(`SELECT n FROM ${table} ORDER BY n`)
        .all()
        .map(({ n }) => Number(n)),
    async close() {
      db.close();
    },
  };
}
