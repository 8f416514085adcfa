import { expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { freshFolder } from './folder.ts';
import { entry } from './story.ts';

const folder = freshFolder();
const LONGEST = 30_000;
const hold = (holder: string, now: number) => ({ holder, now, until: now + LONGEST, longestMs: LONGEST });

test('an export begins with the first record or with the next, and keeps its place over restarts', async () => {
  const store = await folder.open();
  for (const id of ['a', 'b', 'c']) await store.append(entry('event', id), undefined);
  expect(await store.exports.begin('all', 'start')).toBe(0);
  expect(await store.exports.begin('next', 'now')).toBe(3);
  // What it was told first stands.
  expect(await store.exports.begin('all', 'now')).toBe(0);
  await store.exports.take('all', hold('me', 1_000));
  expect(await store.exports.advance('all', 'me', 2, 0)).toBe(true);
  await store.close();
  const again = await folder.open();
  expect(await again.exports.all()).toEqual(
    new Map([
      ['all', 2],
      ['next', 3],
    ]),
  );
});

test('one at a time holds an export, for its time; who lost it moves nothing', async () => {
  const [one, other] = [await folder.open(), await folder.open()];
  await one.exports.begin('siem', 'start');
  expect(await one.exports.take('siem', hold('one', 1_000))).toBe(0);
  expect(await one.exports.take('siem', hold('one', 2_000))).toBe(0);
  expect(await other.exports.take('siem', hold('other', 31_999))).toBeUndefined();
  expect(await other.exports.take('siem', hold('other', 32_000))).toBe(0);
  expect(await one.exports.advance('siem', 'one', 5, 99_000)).toBe(false);
  await one.exports.release('siem', 'one');
  expect(await one.exports.take('siem', hold('one', 33_000))).toBeUndefined();
  expect(await other.exports.advance('siem', 'other', 7, 0)).toBe(true);
  // With its last batch it has let go.
  expect(await one.exports.take('siem', hold('one', 33_000))).toBe(7);
  await one.exports.release('siem', 'one');
  expect(await other.exports.take('siem', hold('other', 33_001))).toBe(7);
  // Never back, whoever says so.
  expect(await other.exports.advance('siem', 'other', 3, 0)).toBe(true);
  expect(await one.exports.all()).toEqual(new Map([['siem', 7]]));
});

test('a hold that lasts longer than one can was written before the clock was set back', async () => {
  const store = await folder.open();
  await store.exports.begin('siem', 'start');
  await store.exports.take('siem', hold('dead', 3_600_000));
  expect(await store.exports.take('siem', hold('me', 1_000))).toBe(0);
});

test('who only reads sees the places and moves none; a folder of an older version has none', async () => {
  const store = await folder.open();
  await store.exports.begin('siem', 'start');
  const reading = await folder.open({ mode: 'read' });
  expect(await reading.exports.all()).toEqual(new Map([['siem', 0]]));
  await expect(reading.exports.begin('otel', 'start')).rejects.toThrow(StoreFault);
  await expect(reading.exports.take('siem', hold('me', 0))).rejects.toThrow('reading only');
  await reading.close();
  await store.close();
  const db = openDatabase(folder.file(), { readOnly: false, busyMs: 5_000 });
  db.exec('DROP TABLE export_cursor; UPDATE schema_version SET version = 6');
  db.close();
  const older = await folder.open({ mode: 'read' });
  expect(await older.exports.all()).toEqual(new Map());
  await expect(older.exports.begin('siem', 'start')).rejects.toThrow(StoreFault);
});
