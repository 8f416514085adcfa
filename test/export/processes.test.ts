import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { type Child, startChild } from '../kit/child.ts';
import { started } from '../kit/started.ts';
import { checkedLinks, countOf } from './link-check.ts';
import { toHttp } from './plans.ts';
import { exportRig, write } from './rig.ts';
import { linesOf, take } from './siem.ts';

const SCRIPT = fileURLToPath(new URL('./exporter.ts', import.meta.url));
const rig = exportRig();
const kit = started();
afterEach(() => kit.endAll());

const eventually = { timeout: 50_000, interval: 20 };
const KILLS = Number(process.env['TOOLGATE_KILLS'] ?? 8);

function exporter(to: 'http' | 'file', where: string, blocks?: number): Child {
  const argv = [process.execPath, SCRIPT, rig.folder.path(), to, where];
  const limited = ['-c', `ulimit -f ${blocks} && exec "$@"`, 'sh', ...argv];
  return kit.add(blocks === undefined ? startChild(argv[0] ?? '', argv.slice(1)) : startChild('sh', limited));
}

/** As if the time of whoever was killed were over. */
function letGo(): void {
  const db = openDatabase(rig.folder.file(), { readOnly: false, busyMs: 5_000 });
  db.exec('UPDATE export_cursor SET until = 0');
  db.close();
}

it('two gateways on one folder, which both write, export each record once, in order; one goes on when the other stops', async () => {
  const [a, b] = [await rig.folder.open(), await rig.folder.open()];
  const siem = await rig.siem();
  const both = [rig.run(a, [toHttp(siem)]), rig.run(b, [toHttp(siem)])];
  for (let round = 0; round < 20; round += 1) {
    await Promise.all([write(a, 15, `a${round}`), write(b, 15, `b${round}`)]);
    await sleep(5);
  }
  await vi.waitFor(() => expect(countOf(checkedLinks(siem.links()))).toBe(600), eventually);
  expect(checkedLinks(siem.links()).doubles).toBe(0);
  await both[0]?.stop();
  await write(a, 10, 'a-last');
  await vi.waitFor(() => expect(countOf(checkedLinks(siem.links()))).toBe(610), eventually);
  expect(checkedLinks(siem.links()).doubles).toBe(0);
  expect(rig.log).toEqual([]);
});

it('who is killed while it delivers keeps others from it until its time is over, and no longer', async () => {
  const store = await rig.folder.open();
  await write(store, 20);
  const siem = await rig.siem(() => 'drop');
  const child = exporter('http', siem.url);
  await vi.waitFor(() => expect(siem.deliveries).toHaveLength(1), eventually);
  await child.kill9();
  siem.answer(take);
  const early = rig.run(store, [toHttp(siem)]);
  await sleep(200);
  expect(siem.deliveries).toHaveLength(1);
  await early.stop();
  rig.run(store, [toHttp(siem)], { ahead: 31_000 });
  await vi.waitFor(() => expect(countOf(checkedLinks(siem.links()))).toBe(20), eventually);
});

it('a clock that was set back by an hour does not keep anybody from it', async () => {
  const store = await rig.folder.open();
  await write(store, 20);
  const siem = await rig.siem(() => 'drop');
  const child = exporter('http', siem.url);
  await vi.waitFor(() => expect(siem.deliveries).toHaveLength(1), eventually);
  await child.kill9();
  siem.answer(take);
  rig.run(store, [toHttp(siem)], { ahead: -3_600_000 });
  await vi.waitFor(() => expect(countOf(checkedLinks(siem.links()))).toBe(20), eventually);
});

it(`killed ${KILLS} times while it delivers, it has delivered every record in the end`, async () => {
  const store = await rig.folder.open();
  let kill = (): void => {};
  let left = 0;
  const siem = await rig.siem((response, delivery) => {
    left -= 1;
    // Sometimes before the answer, sometimes with it.
    if (left === 0) kill();
    if (left === 0 && Math.random() < 0.5) return 'keep';
    return take(response, delivery);
  });
  let written = 0;
  for (let round = 0; round < KILLS; round += 1) {
    left = 1 + Math.floor(Math.random() * 4);
    const child = exporter('http', siem.url);
    kill = () => void child.kill9();
    while (left > 0) {
      written += (await write(store, 20, `k${round}-${written}`)).length;
      await sleep(20);
    }
    await child.exited;
    letGo();
  }
  rig.run(store, [toHttp(siem)]);
  const [last] = await store.before(Number.MAX_SAFE_INTEGER, 1);
  await vi.waitFor(async () => expect((await store.exports.all()).get('siem')).toBe(last?.n), eventually);
  const received = checkedLinks(siem.links());
  expect(countOf(received)).toBe(written);
  const ids = new Set([...received.writers.values()].flat().map(({ id }) => id));
  for await (const { id } of store.newest(written)) expect(ids.has(id)).toBe(true);
  console.log(`${KILLS} kills: ${written} records, all delivered; ${received.doubles} twice`);
}, 120_000);

it('a disk that is full is waited for, without a torn line, and the place does not move', async () => {
  const store = await rig.folder.open();
  const file = join(rig.folder.path(), 'audit.jsonl');
  await write(store, 40);
  // Of 8 MiB that a file may have, it has all but a kilobyte.
  const size = 8 * 1024 * 1024 - 1024;
  writeFileSync(file, `${' '.repeat(size - 1)}\n`);
  const child = exporter('file', file, 16_384);
  await vi.waitFor(
    () => expect(child.stdout()).toMatch(/fails: there is no room for .*audit\.jsonl; free some space \(EFBIG\)/),
    eventually,
  );
  await sleep(200);
  expect(statSync(file).size).toBe(size);
  expect(await store.exports.all()).toEqual(new Map([['disk', 0]]));
  truncateSync(file, 0);
  await vi.waitFor(() => expect(countOf(checkedLinks(linesOf(readFileSync(file, 'utf8'))))).toBe(42), eventually);
  await vi.waitFor(() => expect(child.stdout()).toContain('export "disk" works again'), eventually);
  expect(existsSync(file)).toBe(true);
});
