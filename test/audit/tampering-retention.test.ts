import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LogFolder, retainedLog } from './small-log.ts';
import { type Tamperer, tamperer } from './tamperer.ts';

// Whatever is as in a log of which nothing was removed is turned in tampering.test.ts.
const FIRST = 'seq IN (3, 5)';
const RETENTION = "frontier = '' AND writer IS NOT NULL";

let folder: LogFolder;
let by: Tamperer;

beforeAll(async () => {
  folder = await retainedLog();
  by = await tamperer(folder);
});
afterAll(async () => {
  await by.close();
  folder.remove();
});

test('a log whose beginnings are gone, in whole, in part and half way, is whole to both', async () => {
  expect(await by.found('head')).toEqual({ ours: [], theirs: [] });
  const left = 'SELECT writer, min(seq) AS first, max(seq) AS last FROM record GROUP BY writer';
  expect(by.db.prepare(left).all()).toMatchObject([
    { writer: 1, first: 3, last: 4 },
    { writer: 3, first: 3, last: 6 },
    { writer: 4, first: 1, last: 1 },
    { writer: 5, first: 1, last: 1 },
  ]);
  expect(by.db.prepare('SELECT writer, seq FROM removed').all()).toMatchObject([
    { writer: 1, seq: 2 },
    { writer: 2, seq: 2 },
    { writer: 3, seq: 2 },
  ]);
});

describe('every byte that is turned is found, by both, without anything from outside', () => {
  test.each([
    ['record', 'body', FIRST],
    ['record', 'hash', FIRST],
    ['record', 'at', FIRST],
    ['record', 'kind', FIRST],
    ['record', 'seq', 'true'],
    ['record', 'id', FIRST],
    ['record', 'writer', 'true'],
    ['writer', 'id', 'true'],
    ['seal', 'n', RETENTION],
    ['seal', 'writer', RETENTION],
    ['seal', 'size', RETENTION],
    ['seal', 'body', RETENTION],
    ['seal', 'signature', RETENTION],
    ['seal', 'frontier', "frontier <> '' AND size IN (1, 2, 5)"],
    ['removed', 'writer', 'true'],
    ['removed', 'seq', 'true'],
    ['removed', 'hash', 'true'],
  ] as const)(
    '%s.%s',
    async (table, column, where) => {
      expect(await by.everyFlip(table, column, where)).toBeGreaterThan(5);
      expect(await by.found('head')).toEqual({ ours: [], theirs: [] });
    },
    300_000,
  );
});

describe('what is removed, moved or put in is found', () => {
  test('every record, removed, and removed as retention does it', async () => {
    for (const n of by.numbers('record')) {
      expect(await by.tampered(`DELETE FROM record WHERE n = ${n}`, 'nothing')).toBe(true);
      // More than the seals say; of the third writer they say as much.
      const { writer, seq } = by.db.prepare('SELECT writer, seq FROM record WHERE n = ?').get(n) ?? {};
      if (writer === 3 && Number(seq) <= 5) continue;
      const gone = `INSERT OR REPLACE INTO removed SELECT writer, seq, hash FROM record WHERE n = ${n};
        DELETE FROM record WHERE writer = ${writer} AND seq <= ${seq}`;
      expect(await by.tampered(gone, 'nothing')).toBe(true);
    }
  });

  test('every seal, removed; the last under an exported head', async () => {
    const all = by.numbers('seal');
    for (const n of all.slice(0, -1))
      expect(await by.tampered(`DELETE FROM seal WHERE n = ${n}`, 'nothing')).toBe(true);
    for (const n of all) expect(await by.tampered(`DELETE FROM seal WHERE n = ${n}`, 'head')).toBe(true);
  });

  test('a retention that is given the frontier of a checkpoint', async () => {
    const given = `UPDATE seal SET frontier = (SELECT max(frontier) FROM seal) WHERE n = (SELECT max(n) FROM seal WHERE ${RETENTION})`;
    expect(await by.tampered(given, 'nothing')).toBe(true);
  });

  test('every two seals, swapped', async () => {
    const all = by.numbers('seal');
    for (const a of all) {
      for (const b of all.filter((one) => one > a)) {
        const swap = `UPDATE seal SET n = -1 WHERE n = ${a}; UPDATE seal SET n = ${a} WHERE n = ${b}; UPDATE seal SET n = ${b} WHERE n = -1`;
        expect(await by.tampered(swap, 'nothing')).toBe(true);
      }
    }
  });

  test('the end of what is removed: forgotten, moved to another writer, or begun anew', async () => {
    for (const writer of [1, 2, 3]) {
      expect(await by.tampered(`DELETE FROM removed WHERE writer = ${writer}`, 'nothing')).toBe(true);
      for (const other of [4, 5]) {
        expect(await by.tampered(`UPDATE removed SET writer = ${other} WHERE writer = ${writer}`, 'nothing')).toBe(
          true,
        );
      }
      expect(await by.tampered(`DELETE FROM writer WHERE n = ${writer}`, 'nothing')).toBe(true);
    }
    expect(await by.tampered('DELETE FROM removed; DELETE FROM record', 'nothing')).toBe(true);
  });

  test('a record of before that is put back, with other words', async () => {
    const rest = 'id, kind, at, limits, body, hash';
    for (const [writer, seq] of [
      [1, 2],
      [2, 2],
      [3, 2],
    ]) {
      const back = `INSERT INTO record (writer, seq, ${rest})
        SELECT writer, ${seq}, 'forged', 'call', 1, '[]', '{}', hash FROM removed WHERE writer = ${writer}`;
      expect(await by.tampered(back, 'nothing')).toBe(true);
      const moved = `${back}; UPDATE removed SET seq = ${Number(seq) - 1} WHERE writer = ${writer}`;
      expect(await by.tampered(moved, 'nothing')).toBe(true);
    }
  });
});
