import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { Checkpointer } from '../../src/store/sqlite/checkpoint.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { prepareSchema } from '../../src/store/sqlite/schema.ts';
import { SqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { SyncMode } from '../../src/store/sqlite/store-parts.ts';
import { WalSync } from '../../src/store/sqlite/wal-sync.ts';
import { freshFolder } from './folder.ts';
import { entry, pass, START, verified } from './story.ts';

const ID = 'ab'.repeat(16);

describe('when the log reaches the disk', () => {
  const folder = freshFolder();

  /** A store on a disk whose first sync ends when the test says so. */
  function storeOn(sync: SyncMode): { store: SqliteStore; disk: PromiseWithResolvers<void>; syncs: () => number } {
    const path = join(folder.path(), 'slow.db');
    const db = openDatabase(path, { readOnly: false, busyMs: 0 });
    prepareSchema(db, path);
    db.prepare('INSERT INTO writer (id, started) VALUES (?, ?)').run(ID, START);
    const disk = Promise.withResolvers<void>();
    // It may fail before a sync of it has begun.
    disk.promise.catch(() => {});
    let syncs = 0;
    const flush = () => {
      syncs += 1;
      return syncs === 1 ? disk.promise : Promise.resolve();
    };
    const walSync = new WalSync(flush, sync === 'interval' ? 1_000_000 : 0, (fault) =>
      folder.faults.push(fault.message),
    );
    const checkpointer = new Checkpointer(path, (words) => folder.faults.push(words));
    const writer = { n: 1, id: ID };
    const store = new SqliteStore({ path, db, writer, sync, walSync, checkpointer, release: async () => {} });
    return { store, disk, syncs: () => syncs };
  }

  /** Says whether a promise is settled once everything that could settle it had its turn. */
  async function isPending(promise: Promise<unknown>): Promise<boolean> {
    const waited = new Promise((resolve) => setTimeout(() => resolve('waited'), 20));
    return (await Promise.race([promise, waited])) === 'waited';
  }

  test('before-send: a call waits for it, an outcome does not', async () => {
    const { store, disk } = storeOn('before-send');
    const committed = store.commit(pass('a', START));
    await store.append(entry('outcome', 'z'), undefined);
    expect(await isPending(committed)).toBe(true);
    disk.resolve();
    expect((await committed).verdict.kind).toBe('reserved');
    await store.close();
  });

  test('before-send: a sync that fails fails the calls that wait, and all that follow', async () => {
    const { store, disk } = storeOn('before-send');
    const waiting = [store.commit(pass('a', START)), store.commit(pass('b', START))];
    disk.reject(new Error('EIO'));
    for (const one of await Promise.allSettled(waiting)) {
      expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
    }
    await expect(store.commit(pass('c', START))).rejects.toThrow(/restart the gateway/);
    expect(folder.faults).toHaveLength(1);
    await store.close();
  });

  test('before-reply: a call does not wait, the reply does', async () => {
    const { store, disk, syncs } = storeOn('before-reply');
    await store.commit(pass('a', START));
    expect(syncs()).toBe(1);
    const synced = store.synced();
    expect(await isPending(synced)).toBe(true);
    disk.resolve();
    await synced;
    await store.close();
  });

  test('interval: a call does not wait, and a sync that fails is reported while calls go on', async () => {
    const { store, disk, syncs } = storeOn('interval');
    await store.commit(pass('a', START));
    expect(syncs()).toBe(0);
    const synced = store.synced();
    disk.reject(new Error('EIO'));
    await expect(synced).rejects.toThrow(/EIO/);
    await store.commit(pass('b', START));
    expect(folder.faults).toEqual([expect.stringMatching(/syncing to the disk failed \(EIO\)/)]);
    expect(await verified(store)).toHaveLength(2);
    await store.close();
  });
});
