import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../../src/gateway/ports.ts';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { freshFolder } from './folder.ts';
import { idsOf, startCaller } from './process.ts';
import { entry, limit, pass, START, usedOf, verified } from './story.ts';

const ten = limit('read_rate', 10);

describe('a store in trouble', () => {
  const folder = freshFolder();

  /** Runs SQL as another program on the machine could. */
  function meddle(sql: string): void {
    const db = openDatabase(folder.file(), { readOnly: false, busyMs: 5_000 });
    db.exec(sql);
    db.close();
  }

  test('when one write of a group fails, nothing of the group is done, and the next one goes on', async () => {
    const store = await folder.open();
    const { receipt } = await store.commit(pass('before', START, ten));
    meddle(
      `CREATE TRIGGER sabotage BEFORE INSERT ON record WHEN new.id = 'poison' BEGIN SELECT RAISE(ABORT, 'no'); END`,
    );
    const group = await Promise.allSettled([
      store.commit(pass('good', START, ten)),
      store.append(entry('outcome', 'before'), receipt),
      store.commit(pass('poison', START, ten)),
    ]);
    for (const one of group) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
    // The failed group holds no lock either: others can write at once.
    meddle('DROP TRIGGER sabotage');
    expect(await usedOf(store, ten, START)).toBe(1);
    await store.commit(pass('poison', START, ten));
    await store.append(entry('outcome', 'before'), receipt);
    expect(await usedOf(store, ten, START)).toBe(1);
    const ids = (await verified(store)).map(({ id }) => id).filter((id) => id !== 'probe');
    expect(ids).toEqual(['before', 'poison', 'before']);
  });

  test('a lock of another process is waited for, and the event loop turns meanwhile', async () => {
    const store = await folder.open();
    const other = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const committed = store.commit(pass('a', START, ten));
    while (turns < 50) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      turns += 1;
    }
    other.exec('COMMIT');
    other.close();
    expect((await committed).verdict.kind).toBe('reserved');
    expect(await usedOf(store, ten, START)).toBe(1);
  });

  test('a lock that does not go away is a fault, of which nothing remains afterwards', async () => {
    const store = await folder.open();
    await store.commit(pass('before', START, ten));
    const other = openDatabase(folder.file(), { readOnly: false, busyMs: 0 });
    other.exec('BEGIN IMMEDIATE');
    const [a, b] = await Promise.allSettled([
      store.commit(pass('a', START, ten)),
      store.append(entry('event', 'b'), undefined),
    ]);
    for (const one of [a, b]) expect(one).toMatchObject({ status: 'rejected', reason: expect.any(StoreFault) });
    other.exec('ROLLBACK');
    other.close();
    await store.commit(pass('after', START, ten));
    expect(await usedOf(store, ten, START)).toBe(2);
    expect((await verified(store)).map(({ id }) => id)).toEqual(['before', 'after', 'probe']);
  }, 60_000);

  test('a disk that takes no more refuses, and what was told before it stands', async () => {
    const caller = startCaller([folder.path(), 'full', 400, 1_000, 2_000], 512);
    await caller.ended();
    const told = idsOf(caller, 'reserved');
    expect(told.length).toBeGreaterThan(0);
    expect(idsOf(caller, 'fault').length).toBeGreaterThan(0);
    const store = await folder.open();
    const recorded = (await verified(store)).map(({ id }) => id);
    expect(recorded).toEqual(told);
    expect(await usedOf(store, limit('shared', 1), START)).toBe(told.length);
  }, 60_000);

  test('a folder that may not be written is refused with the remedy', async () => {
    await (await folder.open()).close();
    const script = fileURLToPath(new URL('./unwritable.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script, folder.path()]);
    expect(stdout).toMatch(/^store .*toolgate\.db: .*(may be written|permissions)/);
  }, 60_000);

  test('a damaged file is refused', async () => {
    const store = await folder.open();
    await Promise.all(Array.from({ length: 200 }, (_, i) => store.commit(pass(`c${i}`, START, ten))));
    await store.close();
    const bytes = await readFile(folder.file());
    await writeFile(folder.file(), bytes.fill(0xa5, 100, 4_096));
    await expect(folder.open()).rejects.toThrow(/toolgate\.db: it is damaged; restore it/);
    await expect(folder.open({ mode: 'read' })).rejects.toThrow(StoreFault);
  });

  test('a file that is no database is refused, and left as it is', async () => {
    await writeFile(folder.file(), 'Dear diary, '.repeat(1_000));
    await expect(folder.open()).rejects.toThrow(/no SQLite database; move it away/);
    expect(await readFile(folder.file(), 'utf8')).toBe('Dear diary, '.repeat(1_000));
  });

  test("another program's database is refused, and left as it is", async () => {
    meddle('CREATE TABLE diary (day TEXT)');
    const before = await readFile(folder.file());
    await expect(folder.open()).rejects.toThrow(/belongs to another program/);
    expect(await readFile(folder.file())).toEqual(before);
  });

  test('a store of a newer Toolgate is refused', async () => {
    await (await folder.open()).close();
    meddle('UPDATE schema_version SET version = 9');
    await expect(folder.open()).rejects.toThrow(/newer Toolgate \(schema 9, here 8\); update/);
    await expect(folder.open({ mode: 'read' })).rejects.toThrow(/newer Toolgate/);
  });

  test('a folder that cannot be made is refused', async () => {
    await writeFile(join(folder.path(), 'file'), '');
    await expect(folder.open({ folder: join(folder.path(), 'file', 'data') })).rejects.toThrow(StoreFault);
    await mkdir(join(folder.path(), 'odd', 'toolgate.db'), { recursive: true });
    await expect(folder.open({ folder: join(folder.path(), 'odd') })).rejects.toThrow(/cannot be opened/);
  });

  test('a record changed behind our back does not verify', async () => {
    const store = await folder.open();
    await store.commit(pass('a', START, ten));
    await store.commit(pass('b', START, ten));
    await verified(store);
    meddle(`UPDATE record SET limits = '[]' WHERE id = 'a'`);
    await expect(verified(store)).rejects.toThrow(/breaks at 1/);
  });

  test('records without their writer are still listed, and do not verify', async () => {
    const store = await folder.open();
    await store.commit(pass('a', START, ten));
    meddle('DELETE FROM writer');
    await expect(verified(store)).rejects.toThrow(/writer 1 is missing breaks at 1/);
  });
});
