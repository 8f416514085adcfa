import { mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stampOf, type WatchedFile } from './stamp.ts';
import { watchFiles } from './watch.ts';

/** A folder, and a watch on one path in it whose every report can be waited for. */
async function watched(name: string) {
  const folder = await mkdtemp(join(tmpdir(), 'toolgate-watch-'));
  const path = join(folder, name);
  let reports = 0;
  let wake = () => {};
  const files: WatchedFile[] = [{ path, stamp: await stampOf(path) }];
  const stop = watchFiles(
    () => files,
    5,
    () => {
      reports++;
      wake();
    },
  );
  onTestFinished(async () => {
    stop();
    await rm(folder, { recursive: true });
  });
  const report = async (after: () => Promise<unknown>) => {
    const before = reports;
    await after();
    // The watch keeps no process alive, so the wait must.
    const alive = setInterval(() => {}, 1000);
    while (reports === before) await new Promise<void>((resolve) => (wake = resolve));
    clearInterval(alive);
  };
  return { folder, path, files, report, stop, reports: () => reports };
}

test('every change is reported: writing, again, replacing, removing, coming back', async () => {
  const { folder, path, report } = await watched('a.json');
  await report(() => writeFile(path, '1'));
  await report(() => writeFile(path, '22'));
  await writeFile(join(folder, 'new'), '33');
  await report(() => rename(join(folder, 'new'), path));
  await report(() => rm(path));
  await report(() => writeFile(path, '33'));
});

test('a link that is turned to another file is a change', async () => {
  const { folder, path, report } = await watched('link.json');
  await writeFile(join(folder, 'one'), 'x');
  await writeFile(join(folder, 'two'), 'x');
  await report(() => symlink(join(folder, 'one'), path));
  await symlink(join(folder, 'two'), join(folder, 'next'));
  await report(() => rename(join(folder, 'next'), path));
});

test('a file that changed between being read and being watched is reported', async () => {
  const { folder, files, report } = await watched('a.json');
  const path = join(folder, 'policy.json');
  await writeFile(path, 'old');
  const stamp = await stampOf(path);
  await writeFile(path, 'newer');
  await report(async () => files.push({ path, stamp }));
});

test('an ended watch is silent', async () => {
  const { path, report, stop, reports } = await watched('a.json');
  await report(() => writeFile(path, '1'));
  stop();
  const before = reports();
  await writeFile(path, '4444');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reports()).toBe(before);
});
