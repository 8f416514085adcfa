import { describe, expect, test } from 'vitest';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { freshFolder } from './folder.ts';

const folder = freshFolder();

describe('reading the log from a place on', () => {
  test('a reader goes on where it stopped, forwards and backwards, whoever wrote', async () => {
    const [first, second] = [await folder.open(), await folder.open()];
    for (const [index, store] of [first, second, first, second].entries()) {
      await store.append({ id: `r${index + 1}`, kind: 'refused', at: 1_000 * (index + 1), body: '{}' }, undefined);
    }
    const log = await openSqliteLog(folder.path());
    const ids = (records: readonly { readonly id: string }[]) => records.map(({ id }) => id);
    const begin = await log.after(0, 2);
    expect(ids(begin)).toEqual(['r1', 'r2']);
    expect(ids(await log.after(begin.at(-1)?.n ?? 0, 9))).toEqual(['r3', 'r4']);
    expect(ids(await log.before(Number.MAX_SAFE_INTEGER, 3))).toEqual(['r4', 'r3', 'r2']);
    expect(new Set((await log.after(0, 9)).map(({ writer }) => writer)).size).toBe(2);
    await log.close();
  });

  test('a time is found without an index: records begin after the place that is told', async () => {
    const store = await folder.open();
    for (let at = 1; at <= 100; at += 1)
      await store.append({ id: `r${at}`, kind: 'refused', at, body: '{}' }, undefined);
    for (const at of [0, 1, 2, 50, 99, 100, 101]) {
      const next = await store.after(await store.placeBefore(at), 1);
      expect(next[0]?.at).toBe(at > 100 ? undefined : Math.max(at, 1));
    }
  });
});
