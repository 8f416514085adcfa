import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { freshFolder } from './folder.ts';
import { all, entry, limit, pass, START, usedOf, verified } from './story.ts';

describe('the data folder', () => {
  const folder = freshFolder();

  test('is its owner’s alone, and so is every file in it', async () => {
    const inner = join(folder.path(), 'deep', 'data');
    const store = await folder.open({ folder: inner });
    await store.append(entry('event', 'started'), undefined);
    expect((await stat(inner)).mode & 0o777).toBe(0o700);
    for (const file of ['toolgate.db', 'toolgate.db-wal', 'toolgate.db-shm']) {
      expect([file, (await stat(join(inner, file))).mode & 0o777]).toEqual([file, 0o600]);
    }
  });

  test('holds one file when all stores are closed', async () => {
    const [one, other] = [await folder.open(), await folder.open()];
    await one.append(entry('event', 'started'), undefined);
    await one.close();
    expect(existsSync(`${folder.file()}-wal`)).toBe(true);
    await other.close();
    expect(existsSync(`${folder.file()}-wal`)).toBe(false);
    expect(await verified(await folder.open())).toHaveLength(1);
  });

  test('can be opened by many at once though it is empty', async () => {
    const stores = await Promise.all(Array.from({ length: 8 }, () => folder.open()));
    await Promise.all(stores.map((store, i) => store.append(entry('event', `e${i}`), undefined)));
    expect(await verified(await folder.open())).toHaveLength(8);
  });

  test('takes the log into the database while the store is open', async () => {
    const store = await folder.open();
    let written = 0;
    while ((await stat(folder.file())).size < 2_000_000) {
      const body = JSON.stringify({ text: 'x'.repeat(20_000) });
      await store.append({ id: `e${written}`, kind: 'event', at: START, body }, undefined);
      written += 1;
    }
    expect(folder.faults).toEqual([]);
    expect(await verified(store)).toHaveLength(written);
  }, 60_000);

  test('forgets the counters of keys that nobody uses any more', async () => {
    const store = await folder.open();
    const hour = 3_600_000;
    await store.commit(pass('a', START, limit('read_rate', 5, { key: 'session-1' })));
    await store.commit(pass('b', START + 30 * hour, limit('read_rate', 5, { key: 'session-2' })));
    const db = openDatabase(folder.file(), { readOnly: true, busyMs: 5_000 });
    expect(db.prepare('SELECT DISTINCT key FROM counter').all()).toEqual([{ key: 'session-2' }]);
    db.close();
    expect(await usedOf(store, limit('read_rate', 5, { key: 'session-2' }), START + 30 * hour)).toBe(1);
  });
});

describe('reading', () => {
  const folder = freshFolder();

  test('works beside a gateway that writes', async () => {
    const gateway = await folder.open();
    await gateway.commit(pass('a', START, limit('read_rate', 5)));
    await gateway.saveTokenHashes(new Map([['alice-laptop', 'aa11']]));
    const reader = await folder.open({ mode: 'read' });
    await gateway.append(entry('outcome', 'a', 'answered'), undefined);
    expect((await all(reader.newest(10))).map(({ id, outcome }) => [id, outcome])).toEqual([
      ['a', '{"text":"answered"}'],
    ]);
    expect(await verified(reader)).toHaveLength(2);
    expect(await reader.tokenHashes()).toEqual(new Map([['alice-laptop', 'aa11']]));
  });

  test('writes nothing', async () => {
    const gateway = await folder.open();
    const reader = await folder.open({ mode: 'read' });
    await expect(reader.commit(pass('a', START))).rejects.toThrow(StoreFault);
    await expect(reader.append(entry('event', 'e'), undefined)).rejects.toThrow(/for reading only/);
    await expect(reader.saveTokenHashes(new Map())).rejects.toThrow(StoreFault);
    await reader.close();
    await reader.close();
    await expect(all(reader.newest(1))).rejects.toThrow(/closed/);
    expect(await verified(gateway)).toEqual([]);
  });

  test('where no gateway ever ran says so', async () => {
    await expect(folder.open({ mode: 'read' })).rejects.toThrow(/there is none; name the data folder of a gateway/);
    expect(existsSync(folder.file())).toBe(false);
  });
});
