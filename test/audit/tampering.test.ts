import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLog } from '../../src/cli/check-log.ts';
import { type HeadFile, readHead } from '../../src/cli/head-file.ts';
import { publicKeyIn } from '../../src/cli/log-crypto.ts';
import type { AuditLog } from '../../src/gateway/audit/audit-ports.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { isObject } from '../../src/wire/json.ts';
import { readJson, STRICT } from '../../src/wire/read-json.ts';
import { secondVerifier } from './second-verifier.ts';
import { type LogFolder, smallLog } from './small-log.ts';

let folder: LogFolder;
let db: DatabaseSync;
let log: AuditLog;
let head: HeadFile;
let headText: string;
const second = await secondVerifier();

beforeAll(async () => {
  folder = await smallLog();
  headText = (await folder.audit('head')).out;
  const read = readJson(headText, STRICT);
  if (read.kind !== 'value' || !isObject(read.value)) throw new Error('no head');
  head = readHead(read.value);
  db = folder.database();
  log = await openSqliteLog(folder.path);
});
afterAll(async () => {
  await log.close();
  db.close();
  folder.remove();
});

/** What both verifiers find, with the head that was exported before or with nothing from outside. */
async function found(known: 'head' | 'nothing'): Promise<{ ours: readonly string[]; theirs: readonly string[] }> {
  const wanted = { since: undefined, key: undefined, head: known === 'head' ? head : undefined };
  const { breaks } = await checkLog(log, wanted);
  const theirs: string[] = [];
  const checked = second.checkLog(db, theirs);
  if (known === 'head') second.checkHead(headText, checked, theirs);
  return { ours: breaks.map(({ what }) => what), theirs };
}

/** Does it, lets both look, and puts everything back as it was. False where the database itself refuses it. */
async function tampered(sql: string, known: 'head' | 'nothing'): Promise<boolean> {
  db.exec('DROP TABLE IF EXISTS kept_record; DROP TABLE IF EXISTS kept_seal; DROP TABLE IF EXISTS kept_writer');
  for (const table of ['record', 'seal', 'writer']) db.exec(`CREATE TABLE kept_${table} AS SELECT * FROM ${table}`);
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
    for (const table of ['record', 'seal', 'writer']) {
      db.exec(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM kept_${table}`);
    }
  }
}

/** The value with one character, or one bit of the number, turned. */
function flips(value: unknown): readonly string[] {
  if (typeof value === 'number') {
    const bits = Array.from({ length: 20 }, (_, bit) => Math.floor(value / 2 ** bit) % 2);
    return bits.map((bit, at) => String(value + (bit === 1 ? -1 : 1) * 2 ** at));
  }
  if (typeof value !== 'string') return ["''", "'x'"];
  return Array.from(value, (_, at) => {
    const turned = String.fromCharCode(value.charCodeAt(at) ^ 1);
    return `'${(value.slice(0, at) + turned + value.slice(at + 1)).toWellFormed().replaceAll("'", "''")}'`;
  });
}

/** Turns every byte of one column of every row. */
async function everyFlip(table: 'record' | 'seal' | 'writer', column: string): Promise<number> {
  let done = 0;
  for (const row of db.prepare(`SELECT rowid AS place, * FROM ${table}`).all()) {
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
      const place = column === 'n' ? Number(flip) : Number(row['place']);
      db.prepare(`UPDATE ${table} SET ${column} = ? WHERE rowid = ?`).run(back ?? null, place);
      done += 1;
    }
  }
  return done;
}

test('a log that nobody touched is whole to both', async () => {
  expect(await found('head')).toEqual({ ours: [], theirs: [] });
  expect(db.prepare('SELECT count(*) AS n FROM record').get()).toEqual({ n: 7 });
});

describe('every byte that is turned is found, by both, without anything from outside', () => {
  test.each([
    ['record', 'body'],
    ['record', 'limits'],
    ['record', 'hash'],
    ['record', 'at'],
    ['record', 'kind'],
    ['record', 'seq'],
    ['record', 'id'],
    ['record', 'writer'],
    ['writer', 'id'],
    ['seal', 'n'],
    ['seal', 'writer'],
    ['seal', 'size'],
    ['seal', 'body'],
    ['seal', 'signature'],
    ['seal', 'frontier'],
  ] as const)(
    '%s.%s',
    async (table, column) => {
      expect(await everyFlip(table, column)).toBeGreaterThan(10);
      expect(await found('head')).toEqual({ ours: [], theirs: [] });
    },
    300_000,
  );
});

describe('what is removed, moved or put in is found', () => {
  const numbers = (table: string): readonly number[] =>
    db
      .prepare(`SELECT n FROM ${table} ORDER BY n`)
      .all()
      .map(({ n }) => Number(n));

  test('every record, removed', async () => {
    for (const n of numbers('record'))
      expect(await tampered(`DELETE FROM record WHERE n = ${n}`, 'nothing')).toBe(true);
  });

  test('every two records, swapped', async () => {
    const all = numbers('record');
    const columns = 'writer, seq';
    for (const a of all) {
      for (const b of all.filter((one) => one > a)) {
        const at = (n: number): string => `(SELECT ${columns} FROM kept_record WHERE n = ${n})`;
        const swap = `UPDATE record SET seq = -1 WHERE n = ${a};
          UPDATE record SET (${columns}) = ${at(a)} WHERE n = ${b}; UPDATE record SET (${columns}) = ${at(b)} WHERE n = ${a}`;
        expect(await tampered(swap, 'nothing')).toBe(true);
      }
    }
  });

  test('every record, once more behind itself or at the end', async () => {
    const rest = 'id, kind, at, limits, body, hash';
    for (const n of numbers('record')) {
      const of = `(SELECT writer FROM kept_record WHERE n = ${n})`;
      const seq = `(SELECT seq FROM kept_record WHERE n = ${n})`;
      const behind = `UPDATE record SET seq = -seq WHERE writer = ${of} AND seq > ${seq};
        INSERT INTO record (writer, seq, ${rest}) SELECT writer, seq + 1, ${rest} FROM kept_record WHERE n = ${n};
        UPDATE record SET seq = 1 - seq WHERE seq < 0`;
      expect(await tampered(behind, 'nothing')).toBe(true);
      const last = `(SELECT max(seq) + 1 FROM kept_record WHERE writer = ${of})`;
      const atEnd = `INSERT INTO record (writer, seq, ${rest}) SELECT writer, ${last}, ${rest} FROM kept_record WHERE n = ${n}`;
      expect(await tampered(atEnd, 'nothing')).toBe(true);
    }
  });

  test('every checkpoint but the last, removed; the last under an exported head', async () => {
    const all = numbers('seal');
    for (const n of all.slice(0, -1)) expect(await tampered(`DELETE FROM seal WHERE n = ${n}`, 'nothing')).toBe(true);
    for (const n of all) expect(await tampered(`DELETE FROM seal WHERE n = ${n}`, 'head')).toBe(true);
    expect(await tampered('DELETE FROM seal', 'nothing')).toBe(true);
  });

  test('every two checkpoints, swapped', async () => {
    const all = numbers('seal');
    for (const a of all) {
      for (const b of all.filter((one) => one > a)) {
        const swap = `UPDATE seal SET n = -1 WHERE n = ${a}; UPDATE seal SET n = ${a} WHERE n = ${b}; UPDATE seal SET n = ${b} WHERE n = -1`;
        expect(await tampered(swap, 'nothing')).toBe(true);
      }
    }
  });

  test('every writer, removed: its records, and all of it under an exported head', async () => {
    for (const writer of [1, 2, 3]) {
      const records = `DELETE FROM record WHERE writer = ${writer}`;
      const row = `DELETE FROM writer WHERE n = ${writer}`;
      const seals = `DELETE FROM seal WHERE writer = (SELECT id FROM kept_writer WHERE n = ${writer})`;
      expect(await tampered(records, 'nothing')).toBe(true);
      expect(await tampered(`${records}; ${row}`, 'nothing')).toBe(true);
      expect(await tampered(`${records}; ${row}; ${seals}`, 'head')).toBe(true);
    }
  });

  test('every end that is cut off together with its checkpoints, under an exported head', async () => {
    const all = numbers('seal');
    for (const n of all) {
      const cut = `DELETE FROM seal WHERE n >= ${n};
        DELETE FROM record WHERE seq > coalesce((SELECT max(size) FROM seal JOIN writer ON writer.id = seal.writer WHERE writer.n = record.writer), 0)`;
      expect(await tampered(cut, 'head')).toBe(true);
    }
  });
});

test('the public key, turned anywhere, is another one, none, or still the same', async () => {
  const pem = folder.read('audit-signing.pub');
  const right = publicKeyIn(pem);
  let refused = 0;
  for (let at = 0; at < pem.length; at += 1) {
    const turned = pem.slice(0, at) + String.fromCharCode(pem.charCodeAt(at) ^ 1) + pem.slice(at + 1);
    const key = publicKeyIn(turned);
    if (key === right) continue;
    refused += 1;
    if (key === undefined) continue;
    const { breaks } = await checkLog(log, { since: undefined, head: undefined, key });
    expect(breaks.map(({ what }) => what)).toEqual([expect.stringContaining('signed nothing in this log')]);
  }
  expect(refused).toBeGreaterThan(80);
});

test('the private key, turned anywhere, signs nothing: the log is not opened with it', async () => {
  const right = folder.read('audit-signing.key');
  let refused = 0;
  try {
    for (let at = 0; at < right.length; at += 1) {
      const turned = right.slice(0, at) + String.fromCharCode(right.charCodeAt(at) ^ 1) + right.slice(at + 1);
      writeFileSync(join(folder.path, 'audit-signing.key'), turned);
      const opened = await folder.open().then(
        (store) => store.close(),
        (fault: Error) => fault.message,
      );
      if (opened === undefined) continue;
      expect(opened).toMatch(/audit-signing\.key (?:is no Ed25519 key|is another key)/);
      refused += 1;
    }
  } finally {
    writeFileSync(join(folder.path, 'audit-signing.key'), right);
  }
  expect(refused).toBeGreaterThan(80);
});
