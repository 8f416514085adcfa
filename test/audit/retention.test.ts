import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import type { Store } from '../../src/gateway/ports.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { entry, START } from '../stores/story.ts';
import { secondVerifier } from './second-verifier.ts';
import { type LogFolder, logFolder, NOTHING_GOES, retainedLog } from './small-log.ts';

const second = await secondVerifier();
const folders: LogFolder[] = [];
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) folder.remove();
});

const OLD = { ...NOTHING_GOES, signedBefore: START + 500 };
const DAY = 86_400_000;

function kept(folder: LogFolder): LogFolder {
  folders.push(folder);
  return folder;
}

/** A process that wrote these at that time, signed them and ended. */
async function wrote(folder: LogFolder, at: number, ...ids: readonly string[]): Promise<void> {
  const store = await folder.open(3, () => at);
  for (const id of ids) await store.append({ ...entry('call', id), at }, undefined);
  await store.close();
}

async function opened(folder: LogFolder, at: number): ReturnType<LogFolder['open']> {
  const store = await folder.open(1, () => at);
  stores.push(store);
  return store;
}

/** Both verifiers find it whole; gives what ours says. */
async function whole(folder: LogFolder, ...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await folder.audit('verify', ...argv);
  expect([code, err]).toEqual([0, '']);
  const faults: string[] = [];
  const db = folder.database();
  second.checkLog(db, faults);
  db.close();
  expect(faults).toEqual([]);
  return out;
}

function idsIn(folder: LogFolder): readonly unknown[] {
  return folder.rows('SELECT id FROM record ORDER BY n').map(({ id }) => id);
}

test('what was signed long ago goes, the rest verifies, and an auditor sees how much is gone and how old it was', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3', 'a4');
  await folder.audit('head', '--out', 'head.json');
  await wrote(folder, START + 1000, 'b1', 'b2');
  const store = await opened(folder, START + 90 * DAY);
  const pruned = await store.prune(OLD);
  expect(pruned).toMatchObject({ records: 4, writers: 1, until: START, why: new Set(['age']), faults: [] });
  await store.append(entry('event', 'c1'), undefined);
  await store.close();
  const out = await whole(folder);
  expect(out).toMatch(/^ok: 3 records, 2 writers\n/);
  expect(out).toContain(
    `removed by retention: 4 records of 1 writer, signed until ${new Date(START).toISOString()}, none before it was 90 days old\n`,
  );
  expect(await whole(folder, '--against', 'head.json')).toContain(
    'note: 4 records that the head covers were removed by retention, signed after it\n',
  );
  const json = JSON.parse((await folder.audit('verify', '--json', '--against', 'head.json')).out);
  expect(json.removed).toMatchObject({
    records: 4,
    leastDays: 90,
    leaving: 0,
    sinceHead: 4,
    writers: [{ records: 4 }],
  });
  for (const since of [START + 500, START + 2000].map((at) => new Date(at).toISOString())) {
    await whole(folder, '--since', since);
  }
});

test('a head that was exported after a retention does not tell of it again', async () => {
  const folder = kept(await retainedLog());
  await folder.audit('head', '--out', 'head.json');
  expect(await whole(folder, '--against', 'head.json')).not.toContain('that the head covers');
});

test.each([
  ['a checkpoint that somebody dressed up as a retention', "frontier = ''", "frontier <> ''", 4],
  [
    'a retention of which somebody raised the size beside its text',
    'size = 6',
    "frontier = '' AND writer IS NOT NULL",
    3,
  ],
])('%s signs nothing away', async (_, change, where, writer) => {
  const folder = kept(await retainedLog());
  const first = await opened(folder, START);
  await first.prune(NOTHING_GOES);
  await first.close();
  const before = idsIn(folder);
  const db = folder.database();
  db.exec(`UPDATE seal SET ${change} WHERE n = (SELECT max(n) FROM seal WHERE ${where}
    AND writer = (SELECT id FROM writer WHERE n = ${writer}))`);
  db.close();
  const store = await opened(folder, START);
  expect(await store.prune(NOTHING_GOES)).toMatchObject({ records: 0 });
  expect(idsIn(folder)).toEqual(expect.arrayContaining([...before]));
});

test('what a crash left over is told, and goes with the next run, as it was signed away', async () => {
  const folder = kept(await retainedLog());
  expect(await whole(folder)).toContain('note: 3 records more should be removed; the next run of retention does\n');
  const store = await opened(folder, START + 2000);
  expect(await store.prune(NOTHING_GOES)).toMatchObject({ records: 3, writers: 1, why: new Set(['left over']) });
  await store.close();
  expect(idsIn(folder)).not.toContain('c5');
  expect(idsIn(folder)).toContain('c6');
  expect(await whole(folder)).not.toContain('should be removed');
});

test('what is signed away cannot be proved any more, and it is said why', async () => {
  const folder = kept(await retainedLog());
  expect((await folder.audit('prove', 'c5')).err).toMatch(
    /retention signed it away, in seal \d+, and is about to remove it/,
  );
  expect((await folder.audit('prove', 'a1')).err).toContain('there is no record "a1"');
});

test('a proof over a tree of which the beginning is gone holds', async () => {
  const folder = kept(logFolder());
  let now = START;
  const store = await folder.open(1, () => now);
  stores.push(store);
  for (let n = 1; n <= 23; n += 1) {
    now = n <= 11 ? START : START + 1000;
    await store.append(entry('event', `r${n}`), undefined);
    while (folder.rows('SELECT 1 FROM seal WHERE size = ?', n).length === 0) await sleep(1);
  }
  expect(await store.prune(OLD)).toMatchObject({ records: 11 });
  for (let n = 12; n <= 23; n += 1) {
    expect(await folder.audit('prove', `r${n}`, '--out', 'proof.json')).toMatchObject({ code: 0 });
    const proved = await folder.audit('verify', '--proof', 'proof.json', '--public-key', 'audit-signing.pub');
    expect([n, proved.code, proved.err]).toEqual([n, 0, '']);
  }
});

test('a process that was silent so long that all of its records went goes on where it was', async () => {
  const folder = kept(logFolder());
  const silent = await opened(folder, START);
  for (const id of ['a1', 'a2', 'a3']) await silent.append(entry('event', id), undefined);
  while (folder.rows('SELECT 1 FROM seal WHERE size = 3').length === 0) await sleep(1);
  await wrote(folder, START + 1000, 'b1');
  const store = await opened(folder, START + 2000);
  expect(await store.prune(OLD)).toMatchObject({ records: 3 });
  // Its memory of where it was is lost with a transaction that fails.
  await expect(silent.append({ ...entry('event', 'x'), at: Number.NaN }, undefined)).rejects.toThrow();
  await silent.append(entry('event', 'a4'), undefined);
  await silent.append(entry('event', 'a5'), undefined);
  await silent.close();
  expect(folder.rows("SELECT seq FROM record WHERE id LIKE 'a%' ORDER BY n")).toMatchObject([{ seq: 4 }, { seq: 5 }]);
  await whole(folder);
});

test('the newest record stays, whatever is wished, so that no place is ever taken twice', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3', 'a4');
  const store = await opened(folder, START + 1000);
  const all = { ...NOTHING_GOES, signedBefore: Number.POSITIVE_INFINITY, mostBytes: 0 };
  expect((await store.prune(all)).records).toBeLessThan(4);
  expect(idsIn(folder)).toContain('a4');
  await store.append(entry('event', 'b1'), undefined);
  await store.prune(all);
  await store.append(entry('event', 'b2'), undefined);
  expect(folder.rows('SELECT max(n) AS n FROM record')).toMatchObject([{ n: 6 }]);
});

test('what an export has not delivered stays; of one that never began, everything', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3');
  await wrote(folder, START, 'b1', 'b2', 'b3');
  await wrote(folder, START + 1000, 'c1');
  const db = folder.database();
  db.exec("INSERT INTO export_cursor VALUES ('siem', 4, NULL, 0), ('gone', 1, NULL, 0)");
  db.close();
  const store = await opened(folder, START + 2000);
  const keptFrom = (...names: readonly string[]) => store.firstUndelivered(new Set(names));
  expect(await keptFrom()).toBe(Number.POSITIVE_INFINITY);
  expect(await keptFrom('siem', 'new')).toBe(1);
  expect(await store.firstUndelivered('all')).toBe(2);
  await store.prune({ ...OLD, keptFrom: () => keptFrom('siem') });
  expect(idsIn(folder)).toEqual(expect.arrayContaining(['b2', 'b3']));
  expect(idsIn(folder)).not.toContain('a3');
  await whole(folder);
});

test('arguments that were kept whole go with their records, and those of others stay', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2');
  await wrote(folder, START + 1000, 'b1');
  const db = folder.database();
  db.exec("INSERT INTO value SELECT n, 'k', x'00' FROM record");
  db.close();
  const store = await opened(folder, START + 2000);
  await store.prune(OLD);
  expect(folder.rows('SELECT record.id FROM value LEFT JOIN record USING (n)')).toMatchObject([{ id: 'b1' }]);
});

test('what went is overwritten in the database, but for what the page at the edge may hold', async () => {
  const folder = kept(logFolder());
  const store = await folder.open(100, () => START);
  for (let n = 0; n < 600; n += 1) {
    const body = JSON.stringify({ told: `in-confidence-${n}.`, padding: 'x'.repeat(500) });
    await store.append({ ...entry('call', `a${n}`), body }, undefined);
  }
  await store.close();
  await wrote(folder, START + 1000, 'b1');
  const left = (): number =>
    new Set(readFileSync(join(folder.path, 'toolgate.db'), 'latin1').match(/in-confidence-\d+\./g)).size;
  expect(left()).toBe(600);
  const later = await folder.open(1, () => START + 2000);
  expect(await later.prune(OLD)).toMatchObject({ records: 600 });
  await later.close();
  expect(left()).toBeLessThan(15);
});

test('what was changed is evidence: it stays, it is told, and the other writers go', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3');
  await wrote(folder, START, 'b1', 'b2');
  await wrote(folder, START + 1000, 'c1');
  const db = folder.database();
  db.exec("UPDATE record SET body = '{}' WHERE id = 'a2'");
  db.close();
  const store = await opened(folder, START + 2000);
  const { records, faults } = await store.prune(OLD);
  expect([records, faults]).toEqual([
    2,
    [
      expect.stringMatching(
        /record 2 of writer [0-9a-f]{32} is not as it was written, so no record of it is removed; toolgate audit verify tells more/,
      ),
    ],
  ]);
  expect(idsIn(folder)).toEqual(['a1', 'a2', 'a3', 'c1']);
});

test('what another process removes at this moment is not taken for changed', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, ...Array.from({ length: 80 }, (_, n) => `a${n}`));
  await wrote(folder, START + 1000, 'young');
  const store = await opened(folder, START + 2000);
  const db = folder.database();
  let isDone = false;
  const isOver = (): boolean => {
    // The first that is asked is the check, before each of its slices.
    if (!isDone) {
      db.exec(`INSERT INTO removed SELECT writer, seq, hash FROM record WHERE writer = 1 AND seq = 70;
        DELETE FROM record WHERE writer = 1 AND seq <= 70`);
    }
    isDone = true;
    return false;
  };
  expect(await store.prune({ ...OLD, isOver })).toMatchObject({ records: 0, faults: [] });
  expect(isDone).toBe(true);
  db.close();
});

test('by size what can go goes, though the oldest cannot', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, ...Array.from({ length: 400 }, (_, n) => `a${n}`));
  await wrote(folder, START, ...Array.from({ length: 100 }, (_, n) => `b${n}`));
  await wrote(folder, START, 'c1');
  const db = folder.database();
  db.exec("UPDATE record SET body = '{}' WHERE id = 'a3'");
  db.close();
  const store = await opened(folder, START + 1000);
  const log = await openSqliteLog(folder.path);
  const { bytes } = await log.foresee(NOTHING_GOES);
  await log.close();
  const { records, faults } = await store.prune({ ...NOTHING_GOES, mostBytes: bytes - 10_000 });
  expect(faults).toHaveLength(1);
  expect(records).toBeGreaterThan(20);
  expect(idsIn(folder)).toEqual(expect.arrayContaining(['a0', 'a399']));
});

test('without the key that signs nothing goes, and it is told', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2');
  await wrote(folder, START + 1000, 'b1');
  const store = await opened(folder, START + 2000);
  const key = join(folder.path, 'audit-signing.key');
  renameSync(key, `${key}.away`);
  const { records, faults } = await store.prune(OLD);
  expect([records, faults]).toEqual([0, [expect.stringContaining('audit-signing.key is missing')]]);
  expect(idsIn(folder)).toEqual(['a1', 'a2', 'b1']);
  renameSync(`${key}.away`, key);
  expect(await store.prune(OLD)).toMatchObject({ records: 2, faults: [] });
  await whole(folder);
});

test('a beginning that is gone without a seal, or beyond one, is a fault that names the first record that is missing', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3', 'a4', 'a5');
  const db = folder.database();
  db.exec(`INSERT INTO removed SELECT writer, seq, hash FROM record WHERE seq = 2; DELETE FROM record WHERE seq <= 2`);
  expect(await folder.audit('verify')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/record 1: the records from here to 2 are missing, and no seal of retention says/),
  });
  db.exec('DELETE FROM removed');
  expect((await folder.audit('verify')).err).toMatch(
    /the chain begins at 3 instead of 1: records before it are missing/,
  );
  db.close();
});

test('two gateways on one folder remove together what one would have removed alone', async () => {
  const folder = kept(logFolder());
  for (let n = 0; n < 6; n += 1) await wrote(folder, START, ...Array.from({ length: 60 }, (_, k) => `r${n}-${k}`));
  await wrote(folder, START + 1000, 'young');
  const [one, two] = [await opened(folder, START + 2000), await opened(folder, START + 2000)];
  const runs = await Promise.all([one.prune(OLD), two.prune(OLD)]);
  expect(runs.flatMap(({ faults }) => faults)).toEqual([]);
  // What one of them signs away the other may find left over.
  for (const store of [one, two]) runs.push(await store.prune(OLD));
  expect(runs.reduce((sum, { records }) => sum + records, 0)).toBe(360);
  expect(idsIn(folder)).toEqual(['young']);
  await whole(folder);
});

test('by size the oldest go until the store is small enough; the file does not grow while writing and retention go on', async () => {
  const folder = kept(logFolder());
  const store = await folder.open(50, () => START);
  stores.push(store);
  const body = JSON.stringify({ padding: 'x'.repeat(1000) });
  const most = 2 * 1024 ** 2;
  const files: number[] = [];
  const unsigned = 'SELECT 1 FROM record WHERE seq > (SELECT coalesce(max(size), 0) FROM seal)';
  for (let cycle = 0; cycle < 8; cycle += 1) {
    for (let n = 0; n < 1500; n += 25) {
      // Only what is signed can go.
      while (folder.rows(unsigned).length > 100) await sleep(1);
      await Promise.all(
        Array.from({ length: 25 }, (_, k) => store.append({ ...entry('call', `c${cycle}-${n + k}`), body }, undefined)),
      );
    }
    const { bytes, faults } = await store.prune({ ...NOTHING_GOES, mostBytes: most });
    expect(faults).toEqual([]);
    expect(bytes).toBeLessThanOrEqual(most);
    // Not much more than had to go.
    expect(bytes).toBeGreaterThan(most / 2);
    files.push(
      folder
        .rows('SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size')
        .map(({ bytes: all }) => Number(all))[0] ?? 0,
    );
  }
  expect(files.at(-1)).toBeLessThanOrEqual((files[2] ?? 0) * 1.05);
  await store.close();
  expect(statSync(join(folder.path, 'toolgate.db')).size).toBeLessThanOrEqual((files[2] ?? 0) * 1.05);
  await whole(folder);
}, 60_000);

test('what would go is told beforehand as it goes then', async () => {
  const folder = kept(logFolder());
  await wrote(folder, START, 'a1', 'a2', 'a3', 'a4');
  await wrote(folder, START + 1000, 'b1', 'b2');
  const log = await openSqliteLog(folder.path);
  const foreseen = await log.foresee(OLD);
  await log.close();
  const store = await opened(folder, START + 2000);
  const { bytes: _bytes, ...pruned } = await store.prune(OLD);
  expect(foreseen).toMatchObject(pruned);
});
