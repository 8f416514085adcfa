import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkLog } from '../../src/cli/check-log.ts';
import { publicKeyIn } from '../../src/cli/log-crypto.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { type LogFolder, smallLog } from './small-log.ts';
import { type Tamperer, tamperer } from './tamperer.ts';

let folder: LogFolder;
let by: Tamperer;

beforeAll(async () => {
  folder = await smallLog();
  by = await tamperer(folder);
});
afterAll(async () => {
  await by.close();
  folder.remove();
});

test('a log that nobody touched is whole to both', async () => {
  expect(await by.found('head')).toEqual({ ours: [], theirs: [] });
  expect(by.db.prepare('SELECT count(*) AS n FROM record').get()).toEqual({ n: 7 });
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
      expect(await by.everyFlip(table, column)).toBeGreaterThan(10);
      expect(await by.found('head')).toEqual({ ours: [], theirs: [] });
    },
    300_000,
  );
});

describe('what is removed, moved or put in is found', () => {
  test('every record, removed', async () => {
    for (const n of by.numbers('record'))
      expect(await by.tampered(`DELETE FROM record WHERE n = ${n}`, 'nothing')).toBe(true);
  });

  test('every two records, swapped', async () => {
    const all = by.numbers('record');
    const columns = 'writer, seq';
    for (const a of all) {
      for (const b of all.filter((one) => one > a)) {
        const at = (n: number): string => `(SELECT ${columns} FROM kept_record WHERE n = ${n})`;
        const swap = `UPDATE record SET seq = -1 WHERE n = ${a};
          UPDATE record SET (${columns}) = ${at(a)} WHERE n = ${b}; UPDATE record SET (${columns}) = ${at(b)} WHERE n = ${a}`;
        expect(await by.tampered(swap, 'nothing')).toBe(true);
      }
    }
  });

  test('every record, once more behind itself or at the end', async () => {
    const rest = 'id, kind, at, limits, body, hash';
    for (const n of by.numbers('record')) {
      const of = `(SELECT writer FROM kept_record WHERE n = ${n})`;
      const seq = `(SELECT seq FROM kept_record WHERE n = ${n})`;
      const behind = `UPDATE record SET seq = -seq WHERE writer = ${of} AND seq > ${seq};
        INSERT INTO record (writer, seq, ${rest}) SELECT writer, seq + 1, ${rest} FROM kept_record WHERE n = ${n};
        UPDATE record SET seq = 1 - seq WHERE seq < 0`;
      expect(await by.tampered(behind, 'nothing')).toBe(true);
      const last = `(SELECT max(seq) + 1 FROM kept_record WHERE writer = ${of})`;
      const atEnd = `INSERT INTO record (writer, seq, ${rest}) SELECT writer, ${last}, ${rest} FROM kept_record WHERE n = ${n}`;
      expect(await by.tampered(atEnd, 'nothing')).toBe(true);
    }
  });

  test('every checkpoint but the last, removed; the last under an exported head', async () => {
    const all = by.numbers('seal');
    for (const n of all.slice(0, -1))
      expect(await by.tampered(`DELETE FROM seal WHERE n = ${n}`, 'nothing')).toBe(true);
    for (const n of all) expect(await by.tampered(`DELETE FROM seal WHERE n = ${n}`, 'head')).toBe(true);
    expect(await by.tampered('DELETE FROM seal', 'nothing')).toBe(true);
  });

  test('every two checkpoints, swapped', async () => {
    const all = by.numbers('seal');
    for (const a of all) {
      for (const b of all.filter((one) => one > a)) {
        const swap = `UPDATE seal SET n = -1 WHERE n = ${a}; UPDATE seal SET n = ${a} WHERE n = ${b}; UPDATE seal SET n = ${b} WHERE n = -1`;
        expect(await by.tampered(swap, 'nothing')).toBe(true);
      }
    }
  });

  test('every writer, removed: its records, and all of it under an exported head', async () => {
    for (const writer of [1, 2, 3]) {
      const records = `DELETE FROM record WHERE writer = ${writer}`;
      const row = `DELETE FROM writer WHERE n = ${writer}`;
      const seals = `DELETE FROM seal WHERE writer = (SELECT id FROM kept_writer WHERE n = ${writer})`;
      expect(await by.tampered(records, 'nothing')).toBe(true);
      expect(await by.tampered(`${records}; ${row}`, 'nothing')).toBe(true);
      expect(await by.tampered(`${records}; ${row}; ${seals}`, 'head')).toBe(true);
    }
  });

  test('every end that is cut off together with its checkpoints, under an exported head', async () => {
    const all = by.numbers('seal');
    for (const n of all) {
      const cut = `DELETE FROM seal WHERE n >= ${n};
        DELETE FROM record WHERE seq > coalesce((SELECT max(size) FROM seal JOIN writer ON writer.id = seal.writer WHERE writer.n = record.writer), 0)`;
      expect(await by.tampered(cut, 'head')).toBe(true);
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
    const log = await openSqliteLog(folder.path);
    const { breaks } = await checkLog(log, { since: undefined, head: undefined, key }).finally(() => log.close());
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
