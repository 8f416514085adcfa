import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../gateway/ports.ts';
import { WalSync } from './wal-sync.ts';

const LONG = 1_000_000;

/** A disk whose syncs end when the test says so. */
function slowDisk(): { flush: () => Promise<void>; begun: () => number; end: (error?: Error) => Promise<void> } {
  const open: { resolve: () => void; reject: (error: Error) => void }[] = [];
  let begun = 0;
  return {
    flush: () => {
      begun += 1;
      return new Promise((resolve, reject) => open.push({ resolve, reject }));
    },
    begun: () => begun,
    end: async (error) => {
      const first = open.shift();
      if (error === undefined) first?.resolve();
      else first?.reject(error);
      await pause(0);
    },
  };
}

describe('syncing the log', () => {
  test('one sync serves all that was written before it began; later writes get another', async () => {
    const disk = slowDisk();
    const sync = new WalSync(disk.flush, 0, () => {});
    const done: string[] = [];
    sync.wrote();
    void sync.now().then(() => done.push('first'));
    sync.wrote();
    void sync.now().then(() => done.push('second'));
    sync.wrote();
    void sync.now().then(() => done.push('third'));
    expect(disk.begun()).toBe(1);
    await disk.end();
    expect([done, disk.begun()]).toEqual([['first'], 2]);
    await disk.end();
    expect([done, disk.begun()]).toEqual([['first', 'second', 'third'], 2]);
  });

  test('with nothing new to sync it answers at once', async () => {
    const disk = slowDisk();
    const sync = new WalSync(disk.flush, LONG, () => {});
    await sync.now();
    expect(disk.begun()).toBe(0);
  });

  test('nobody asks: it syncs by itself, once for many writes', async () => {
    let flushed = 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const sync = new WalSync(
      async () => {
        flushed += 1;
        resolve();
      },
      1,
      () => {},
    );
    for (let i = 0; i < 100; i += 1) sync.wrote();
    const alive = setTimeout(() => {}, LONG);
    await promise;
    clearTimeout(alive);
    expect(flushed).toBe(1);
  });

  test('whoever asks does not wait for the interval', async () => {
    const disk = slowDisk();
    const sync = new WalSync(disk.flush, LONG, () => {});
    sync.wrote();
    const asked = sync.now();
    await disk.end();
    await asked;
    expect(disk.begun()).toBe(1);
  });

  test('a failure is told, and no later sync is believed', async () => {
    const disk = slowDisk();
    const told: string[] = [];
    const sync = new WalSync(disk.flush, 0, (fault) => told.push(fault.message));
    sync.wrote();
    const first = sync.now();
    const refused = expect(first).rejects.toThrow(StoreFault);
    await disk.end(new Error('EIO: i/o error'));
    await refused;
    sync.wrote();
    await expect(sync.now()).rejects.toThrow(/EIO.*restart the gateway/);
    expect(told).toHaveLength(1);
    expect(disk.begun()).toBe(1);
  });
});
