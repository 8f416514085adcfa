import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditFilter } from '../../src/gateway/audit/find/audit-filter.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { openSearch } from '../../src/store/sqlite/find/open-search.ts';
import { startChild } from '../kit/child.ts';
import { type RecordLog, recordLog, type WrittenRecord } from './record-log.ts';

const INDEXER = fileURLToPath(new URL('./indexer.ts', import.meta.url));
const ALL = 3_000;

let folder = '';
let index = '';
let log: RecordLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-find-'));
  index = join(folder, 'toolgate-index.db');
  log = await recordLog(folder);
  log.add(calls(1, ALL));
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Every tenth is of bob, every hundredth speaks of a whale. One is written each second. */
function calls(from: number, to: number, word = 'whale'): readonly WrittenRecord[] {
  return Array.from({ length: to - from + 1 }, (_, index) => {
    const n = from + index;
    const body = JSON.stringify({
      decision: 'allow',
      grant: n % 10 === 0 ? 'bob' : 'alice',
      args: { text: n % 100 === 0 ? `a ${word} of ${n}` : `a minnow of ${n}` },
    });
    return { id: `id-${n}`, kind: 'call', at: n * 1_000, limits: '[]', body };
  });
}

async function found(
  filter: Omit<AuditFilter, 'which'>,
  mode: 'indexed' | 'as it is' = 'indexed',
): Promise<readonly string[]> {
  const search = openSearch(folder);
  try {
    if (mode === 'indexed') await search.catchUp(() => {});
    const ids: string[] = [];
    for await (const records of search.find({ which: 'all', ...filter })) ids.push(...records.map(({ id }) => id));
    return ids;
  } finally {
    await search.close();
  }
}

const WHALES = Array.from({ length: ALL / 100 }, (_, at) => `id-${ALL - at * 100}`);
const isIndexed = async (): Promise<boolean> => {
  const search = openSearch(folder);
  const step = search.indexSome(1);
  await search.close();
  return step === 'done';
};

describe('an index that is not what it was', () => {
  test('is for its owner alone, and holds nothing that the log does not', async () => {
    expect(await found({ text: 'whale' })).toEqual(WHALES);
    expect(statSync(index).mode & 0o777).toBe(0o600);
    expect(readFileSync(index).includes('a whale of')).toBe(false);
    rmSync(index);
    expect(await found({ text: 'whale' }, 'as it is')).toEqual(WHALES);
    expect(existsSync(index)).toBe(false);
  });

  test.each([
    ['garbage', () => writeFileSync(index, 'no database at all, but long enough to be taken for one'.repeat(200))],
    ['empty', () => truncateSync(index, 0)],
    ['cut off in its first page', () => truncateSync(index, 100)],
    ['cut off in the middle', () => truncateSync(index, Math.floor(statSync(index).size / 2))],
    ['overwritten in the middle', () => overwrite(Math.floor(statSync(index).size / 8192) * 4096, 20_000)],
    ['of another version', () => changed('PRAGMA user_version = 99')],
    ['of another program', () => changed('DROP TABLE state')],
    ['without its words', () => changed('DROP TABLE words_0')],
    ['of nonsense', () => changed("UPDATE state SET upto = 1000000, mark = 'x'")],
    ['gone', () => rmSync(index)],
  ])('%s: it is made anew, and what is found is right before and after', async (_, spoil) => {
    await found({ text: 'whale' });
    spoil();
    expect(await found({ text: 'whale' }, 'as it is')).toEqual(WHALES);
    expect(await found({ text: 'whale', grant: 'bob' })).toEqual(WHALES);
    expect(await found({ text: 'whale', grant: 'alice' })).toEqual([]);
    expect(await isIndexed()).toBe(true);
  });

  test('that cannot be made is done without', async () => {
    mkdirSync(index);
    expect(await found({ text: 'whale' })).toEqual(WHALES);
    expect(await found({ since: 2_000_000, until: 2_002_000 })).toEqual(['id-2001', 'id-2000']);
  });

  test('that is deleted under who uses it is made anew by the next', async () => {
    const search = openSearch(folder);
    await search.catchUp(() => {});
    rmSync(index);
    const ids: string[] = [];
    for await (const records of search.find({ which: 'all', text: 'whale' })) ids.push(...records.map(({ id }) => id));
    expect(ids).toEqual(WHALES);
    await search.catchUp(() => {});
    expect(await isIndexed()).toBe(true);
    await search.close();
  });

  test('of a folder that was restored from an older copy is not believed', async () => {
    const [db, copy] = [join(folder, 'toolgate.db'), join(folder, 'copy.db')];
    const checkpoint = openDatabase(db, { readOnly: false, busyMs: 1_000 });
    checkpoint.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    checkpoint.close();
    copyFileSync(db, copy);
    log.add(calls(ALL + 1, ALL + 500));
    expect(await found({ text: 'whale' })).toHaveLength(35);
    log.close();
    for (const end of ['-wal', '-shm']) rmSync(`${db}${end}`, { force: true });
    copyFileSync(copy, db);
    log = await recordLog(folder);
    log.add(calls(ALL + 1, ALL + 700, 'shark'));
    expect(await found({ text: 'whale' }, 'as it is')).toEqual(WHALES);
    expect(await found({ text: 'shark' })).toHaveLength(7);
    expect(await found({ text: 'whale' })).toEqual(WHALES);
  });

  test('of records that were removed, the first or all of them, finds what is there', async () => {
    await found({ text: 'whale' });
    log.removeUpTo(2_000);
    expect(await found({ text: 'whale' }, 'as it is')).toEqual(WHALES.slice(0, 10));
    log.removeAll();
    expect(await found({ text: 'whale' })).toEqual([]);
    log.add(calls(1, 200));
    expect(await found({ text: 'whale' })).toEqual(['id-200', 'id-100']);
  });
});

describe('times', () => {
  test('are found by the index where clocks ran back, too', async () => {
    const late = calls(ALL + 1, ALL + 1_500).map((one) => ({ ...one, at: one.at - ALL * 1_000 }));
    log.add(late);
    const wanted = { since: 1_100_000, until: 1_102_000 };
    const expected = ['id-4101', 'id-4100', 'id-1101', 'id-1100'];
    expect(await found(wanted, 'as it is')).toEqual(expected);
    expect(await found({ ...wanted, text: 'a' })).toEqual(expected);
    expect(await found(wanted)).toEqual(expected);
    expect(await found({ since: 9_000_000 })).toEqual([]);
  });
});

describe('several processes', () => {
  test('two that index at the same time, while a third writes, make one index', async () => {
    const both = [1, 2].map(() => startChild(process.execPath, [INDEXER, folder]));
    for (let n = ALL + 1; n <= ALL + 1_000; n += 100) {
      log.add(calls(n, n + 99));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await Promise.all(both.map(({ finished }) => finished))).toEqual([0, 0]);
    for (const { stderr } of both) expect(stderr()).toBe('');
    expect(await found({ text: 'whale' })).toHaveLength(40);
    expect(await found({ grant: 'bob' })).toHaveLength(400);
  });

  test('one that is killed while it indexes leaves an index that is whole, as far as it is', async () => {
    for (let round = 0; round < 8; round += 1) {
      const child = startChild(process.execPath, [INDEXER, folder]);
      await new Promise<void>((resolve) => child.onOutput(() => resolve()));
      await new Promise((resolve) => setTimeout(resolve, 7 * round));
      await child.kill9();
      expect(await found({ text: 'whale' }, 'as it is')).toEqual(WHALES);
    }
    expect(await found({ text: 'whale', grant: 'bob' })).toEqual(WHALES);
    expect(await isIndexed()).toBe(true);
  });
});

function changed(sql: string): void {
  const db = openDatabase(index, { readOnly: false, busyMs: 1_000 });
  db.exec(sql);
  db.close();
}

function overwrite(at: number, length: number): void {
  const bytes = readFileSync(index);
  bytes.fill(0xa5, at, at + length);
  writeFileSync(index, bytes);
}
