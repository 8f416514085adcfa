import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { freshFolder } from './folder.ts';
import { show, told, toolOf } from './pinning.ts';
import { all, DAY, entry, limit, pass, passOf, periodOf, START, usedOf, verified } from './story.ts';

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

  test('forgets values that nobody uses any more, however many there were', async () => {
    const store = await folder.open();
    const of = (value: number) => limit('per_account', 5, { per: `${value}` });
    await Promise.all(Array.from({ length: 1_200 }, (_, i) => store.commit(pass(`v${i}`, START, of(i)))));
    const later = START + 30 * 3_600_000;
    for (let i = 0; i < 4; i += 1) await store.commit(pass(`later-${i}`, later + i * 200, of(9_999)));
    const db = openDatabase(folder.file(), { readOnly: true, busyMs: 5_000 });
    expect(db.prepare('SELECT DISTINCT key FROM counter').all()).toEqual([{ key: of(9_999).key }]);
    expect(db.prepare('SELECT key FROM counter_value').all()).toEqual([{ key: of(9_999).key }]);
    db.close();
  });

  test('keeps what was used this month though the wall was set back and ticks run on from before', async () => {
    const store = await folder.open();
    const month = limit('monthly', 5, { windowMs: 31 * DAY, period: periodOf(START, 31 * DAY) });
    await store.commit(pass('a', START, month));
    const reservations = [limit('other', 5)];
    await store.commit(passOf('b', START + 90 * DAY, { at: START + 1_000, reservations }));
    expect(await usedOf(await folder.open(), month, START + 2_000)).toBe(1);
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
    await show(gateway, 'files', toolOf('read', 'A'));
    expect(told(await reader.pins('files'))).toEqual(['read: A']);
    expect(await reader.pinEditions()).toEqual(new Map([['files', 1]]));
  });

  test('writes nothing', async () => {
    const gateway = await folder.open();
    const reader = await folder.open({ mode: 'read' });
    await expect(reader.commit(pass('a', START))).rejects.toThrow(StoreFault);
    await expect(reader.append(entry('event', 'e'), undefined)).rejects.toThrow(/for reading only/);
    await expect(reader.saveTokenHashes(new Map())).rejects.toThrow(StoreFault);
    await expect(show(reader, 'files')).rejects.toThrow(/for reading only/);
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

describe('pins in the file', () => {
  const folder = freshFolder();

  test('that somebody edited are not believed: what was accepted is then not known', async () => {
    const store = await folder.open();
    await show(store, 'files', toolOf('read', 'A'));
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 5_000 });
    db.exec(`UPDATE pin SET pinned = replace(pinned, '"A"', '"B"')`);
    db.close();
    await expect(store.pins('files')).rejects.toThrow(/read.*is not the one that was written/);
    await expect(store.pins('files')).rejects.toThrow(StoreFault);
  });

  test('are accepted only where a gateway has run', async () => {
    await expect(folder.open({ mode: 'join' })).rejects.toThrow(/there is none; name the data folder of a gateway/);
    expect(existsSync(folder.file())).toBe(false);
    await folder.open();
    expect(told(await show(await folder.open({ mode: 'join' }), 'files', toolOf('read', 'A')))).toEqual(['read: A']);
  });
});
