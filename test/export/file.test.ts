import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { checkedLinks, countOf } from './link-check.ts';
import { toFile } from './plans.ts';
import { exportRig, write } from './rig.ts';
import { linesOf } from './siem.ts';

const rig = exportRig();
const eventually = { timeout: 30_000, interval: 10 };

const path = (name: string): string => join(rig.folder.path(), name);
const textOf = (name: string): string => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : '');

/** Resolves when the files, one after the other, hold so many different records. */
function hold(count: number, ...names: readonly string[]): Promise<void> {
  const links = () => names.flatMap((name) => linesOf(textOf(name)));
  return vi.waitFor(() => expect(countOf(checkedLinks(links()))).toBe(count), eventually);
}

describe('a file that gets the log', () => {
  it('is made for its owner alone, and grows by a line for each record', async () => {
    const store = await rig.folder.open();
    await write(store, 250);
    rig.run(store, [toFile(path('audit.jsonl'))]);
    await hold(250, 'audit.jsonl');
    await write(store, 3, 'later');
    await hold(253, 'audit.jsonl');
    expect(statSync(path('audit.jsonl')).mode & 0o777).toBe(0o600);
    expect(textOf('audit.jsonl').split('\n')).toHaveLength(254);
    expect(rig.log).toEqual([]);
  });

  it('that is moved away is followed by a new one, and no record is missing in both', async () => {
    const store = await rig.folder.open();
    rig.run(store, [toFile(path('audit.jsonl'))]);
    for (let day = 0; day < 5; day += 1) {
      await write(store, 20, `day-${day}`);
      await hold(20 * (day + 1), ...Array.from({ length: day }, (_, nth) => `audit.${nth}`), 'audit.jsonl');
      if (day < 4) renameSync(path('audit.jsonl'), path(`audit.${day}`));
    }
    expect(rig.log).toEqual([]);
  });

  it('that ends in the middle of a line, after a crash, has the next record on a line of its own', async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    writeFileSync(path('audit.jsonl'), '{"format":"toolgate-rec');
    rig.run(store, [toFile(path('audit.jsonl'))]);
    await hold(5, 'audit.jsonl');
    expect(textOf('audit.jsonl')).toMatch(/^\{"format":"toolgate-rec\n\{"format":"toolgate-record-1",/);
  });

  it('whose folder is not there says so, and is written when it is', async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    rig.run(store, [toFile(path('logs/audit.jsonl'))]);
    await vi.waitFor(() => expect(rig.log).toHaveLength(1), eventually);
    expect(rig.log[0]).toContain(`fails: the folder ${path('logs')} is not there; make it; it is tried again`);
    mkdirSync(path('logs'));
    await hold(7, 'logs/audit.jsonl');
  });

  it('that is none says so', async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    mkdirSync(path('folder'));
    rig.run(store, [toFile(path('folder')), toFile('/dev/null', 'nowhere')]);
    await vi.waitFor(() => expect(rig.log).toHaveLength(2), eventually);
    expect(rig.log.find((line) => line.includes('"disk"'))).toContain(`${path('folder')} is a folder; name a file`);
    expect(rig.log.find((line) => line.includes('"nowhere"'))).toContain('/dev/null is no ordinary file; name another');
    expect(await store.exports.all()).toEqual(
      new Map([
        ['disk', 0],
        ['nowhere', 0],
      ]),
    );
  });

  it("that is the gateway's own is not touched, by whatever name and link", async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    writeFileSync(path('own.key'), 'secret');
    symlinkSync(path('own.key'), path('link'));
    symlinkSync(rig.folder.path(), path('here'));
    linkSync(path('own.key'), path('twin'));
    const names = ['own.key', 'link', 'twin', 'here/own.key', 'here/yet to come', 'free'];
    const plans = names.map((name) => toFile(path(name), name));
    rig.run(store, plans, { ownFiles: [path('own.key'), path('yet to come')] });
    await vi.waitFor(() => expect(rig.log).toHaveLength(5), eventually);
    for (const line of rig.log) expect(line).toContain("is a file of the gateway's own; name another");
    await hold(10, 'free');
    expect(textOf('own.key')).toBe('secret');
    expect(existsSync(path('yet to come'))).toBe(false);
  });

  it('that may not be written says so, and goes on when it may', async () => {
    const store = await rig.folder.open();
    await write(store, 5);
    // Root may write whatever has a mode, but not what the kernel only shows.
    if (process.getuid?.() === 0) symlinkSync('/sys/kernel/notes', path('audit.jsonl'));
    else writeFileSync(path('audit.jsonl'), '', { mode: 0o400 });
    rig.run(store, [toFile(path('audit.jsonl'))]);
    await vi.waitFor(() => expect(rig.log[0]).toContain('may not be written; check the permissions'), eventually);
    rmSync(path('audit.jsonl'));
    await hold(7, 'audit.jsonl');
  });
});
