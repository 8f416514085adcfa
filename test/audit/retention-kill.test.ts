import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { checkpointsBy } from '../../src/compose/signing-keys.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { entry } from '../stores/story.ts';
import { type LogFolder, logFolder } from './small-log.ts';

/** How often the gateway is killed while it removes; `TOOLGATE_KILLS` raises it. */
const KILLS = Number(process.env['TOOLGATE_KILLS'] ?? 4);
const OLD = 20_000;
const DAY_MS = 86_400_000;
const TOKEN = 'a-token-that-the-agent-was-given';
const SERVER = fileURLToPath(new URL('./hearing-server.ts', import.meta.url));

const kit = started();
const places: string[] = [];
afterAll(async () => {
  await kit.endAll();
  for (const place of places) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

/** A folder whose gateway wrote long ago, more than goes at once. */
async function oldFolder(): Promise<{ readonly folder: string; readonly heard: string; readonly config: Obj }> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-old-'));
  places.push(folder);
  const data = join(folder, 'data');
  const clock = { now: () => Date.now() - 100 * DAY_MS };
  const checkpoints = checkpointsBy(data, { records: 200, ms: 1000 });
  const store = await openSqliteStore({ folder: data, sync: 'interval', clock, onFault: console.error, checkpoints });
  for (let n = 0; n < OLD; n += 200) {
    const at = clock.now();
    await Promise.all(
      Array.from({ length: 200 }, (_, k) => store.append({ ...entry('event', `old${n + k}`), at }, undefined)),
    );
  }
  await store.close();
  const heard = join(folder, 'heard.txt');
  writeFileSync(heard, '');
  const config = {
    servers: { notes: { command: [process.execPath, SERVER, heard] } },
    policies: { open: { version: '1', default: 'allow', tools: {} } },
    grants: { agent: { owner: 'alice', servers: { notes: 'open' }, token: TOKEN } },
    audit: { checkpoint: { records: 25, seconds: 1 }, keep: { days: 90 } },
  };
  return { folder, heard, config };
}

async function callOn(url: string, name: string): Promise<void> {
  const client = kit.add(httpClient(url, TOKEN));
  try {
    await client.initialize();
    for (let n = 0; ; n += 1) await client.call('note', { text: `${name}-${n}` });
  } catch {
    // Killed.
  } finally {
    await client.stop();
  }
}

function oldLeft(log: LogFolder): number {
  return Number(log.rows("SELECT count(*) AS n FROM record WHERE id LIKE 'old%'")[0]?.['n']);
}

async function verified(log: LogFolder, head: string): Promise<Obj> {
  const { code, out, err } = await log.audit(
    'verify',
    '--json',
    '--against',
    head,
    '--public-key',
    'audit-signing.pub',
  );
  expect([code, err, code === 0 ? '' : out]).toEqual([0, '', '']);
  return readObj(out) ?? {};
}

test(
  `killed ${KILLS} times while it removes old records under load, the log is whole each time, and in the end they are gone`,
  async () => {
    const { folder, heard, config } = await oldFolder();
    const log = logFolder(join(folder, 'data'));
    const head = join(folder, 'head.json');
    await log.audit('head', '--out', head);
    let inBetween = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = oldLeft(log);
      const gateway = kit.add(await startGateway({ folder, config }));
      const callers = [0, 1].map((at) => callOn(gateway.url('notes'), `k${kill}-${at}`));
      // Until it has begun, or, when there is nothing left, for as long as that takes; and then a moment that nobody chose.
      const end = performance.now() + 4_000;
      while (oldLeft(log) === before && performance.now() < end) await sleep(2);
      await sleep(Math.random() * 60);
      await gateway.kill9();
      await Promise.all(callers);
      const left = oldLeft(log);
      if (left > 0 && left < before) inBetween += 1;
      const removed = objAt(await verified(log, head), 'removed');
      expect(removed?.['records']).toBe(OLD - left);
    }
    expect(inBetween).toBeGreaterThan(0);
    const gateway = kit.add(await startGateway({ folder, config }));
    while (oldLeft(log) > 0) await sleep(20);
    await gateway.stop();
    const whole = await verified(log, head);
    expect(whole['signed']).toBe(whole['records']);
    expect(objAt(whole, 'removed')).toMatchObject({ records: OLD, leaving: 0, sinceHead: OLD });
    const { out } = await log.audit('list', '--limit', '100000', '--jsonl');
    expect(out).toContain('"event":"records removed"');
    // What the server heard is on record all the same.
    const told = new Set([...out.matchAll(/"text":"(k\d+-\d+-\d+)"/g)].map(([, text]) => text));
    const texts = readFileSync(heard, 'utf8')
      .split('\n')
      .filter((text) => text !== '');
    expect(texts.filter((text) => !told.has(text))).toEqual([]);
    console.log(`${KILLS} kills, ${inBetween} of them half way; ${texts.length} calls heard meanwhile`);
  },
  60_000 + KILLS * 15_000,
);
