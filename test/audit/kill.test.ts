import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { auditLine } from '../../src/gateway/audit/audit-line.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { isObject } from '../../src/wire/json.ts';
import { startGateway } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { type LogFolder, logFolder } from './small-log.ts';

/** How often the gateway is killed; `TOOLGATE_KILLS` raises it. */
const KILLS = Number(process.env['TOOLGATE_KILLS'] ?? 10);
/** Then a new data folder is begun, so that it can be read whole after every kill. */
const KILLS_PER_FOLDER = 10;
const CLIENTS = 4;
const TOKEN = 'a-token-that-the-agent-was-given';
const SERVER = fileURLToPath(new URL('./hearing-server.ts', import.meta.url));

const kit = started();
const places: string[] = [];
afterAll(async () => {
  await kit.endAll();
  for (const place of places) rmSync(place, { recursive: true, force: true, maxRetries: 3 });
});

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-kill-'));
  places.push(folder);
  return folder;
}

function configOf(heard: string): Obj {
  return {
    servers: { notes: { command: [process.execPath, SERVER, heard] } },
    policies: { open: { version: '1', default: 'allow', tools: {} } },
    grants: { agent: { owner: 'alice', servers: { notes: 'open' }, token: TOKEN } },
    audit: { checkpoint: { records: 25, seconds: 1 } },
  };
}

/** Calls as fast as it goes until the gateway is gone; every call has a text of its own. */
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

interface Round {
  readonly folder: string;
  readonly heard: string;
  readonly name: string;
}

/** Runs the gateway under load, and kills it at a moment that nobody chose. */
async function killOnce({ folder, heard, name }: Round): Promise<void> {
  const gateway = kit.add(await startGateway({ folder, config: configOf(heard) }));
  const callers = Array.from({ length: CLIENTS }, (_, at) => callOn(gateway.url('notes'), `${name}-${at}`));
  // Now and then while the sessions are being opened, mostly while calls are under way.
  if (Math.random() > 0.1) while (!readFileSync(heard, 'utf8').includes(`${name}-`)) await sleep(5);
  await sleep(Math.random() * 500);
  await gateway.kill9();
  await Promise.all(callers);
}

/** The texts of all recorded calls, and of those the ones whose outcome is on record. */
async function recorded(data: string): Promise<{ readonly calls: ReadonlySet<string>; readonly unknown: number }> {
  const log = await openSqliteLog(data);
  const calls = new Set<string>();
  let unknown = 0;
  try {
    for await (const record of log.newest(Number.MAX_SAFE_INTEGER)) {
      const line = auditLine(record);
      if (line['tool'] !== 'note') continue;
      expect(line['decision']).toBe('allow');
      const { outcome, args } = line;
      if (isObject(args)) calls.add(String(args['text']));
      if (isObject(outcome) && outcome['kind'] === 'unknown') unknown += 1;
      else expect(outcome).toMatchObject({ kind: 'ok' });
    }
  } finally {
    await log.close();
  }
  return { calls, unknown };
}

async function verify(log: LogFolder, ...argv: readonly string[]): Promise<Obj> {
  const { code, out, err } = await log.audit('verify', '--json', ...argv);
  expect([code, err, code === 0 ? '' : out]).toEqual([0, '', '']);
  return readObj(out) ?? {};
}

test(
  `killed ${KILLS} times under load, it has a record of every call that the server heard, and the log is whole each time`,
  async () => {
    let [calls, unknown] = [0, 0];
    let folder = '';
    let heard = '';
    for (let kill = 0; kill < KILLS; kill += 1) {
      if (kill % KILLS_PER_FOLDER === 0) {
        folder = place();
        heard = join(folder, 'heard.txt');
        writeFileSync(heard, '');
      }
      const log = logFolder(join(folder, 'data'));
      const head = join(folder, 'head.json');
      await killOnce({ folder, heard, name: `k${kill}` });
      const before = existsSync(head) ? ['--against', head] : [];
      await verify(log, ...before, '--public-key', 'audit-signing.pub');
      await log.audit('head', '--out', head);
      const known = await recorded(log.path);
      const texts = readFileSync(heard, 'utf8')
        .split('\n')
        .filter((text) => text !== '');
      expect(texts.filter((text) => !known.calls.has(text))).toEqual([]);
      // Recorded first: a call more may be on record than was heard, each caller's last one.
      expect(known.calls.size).toBeGreaterThanOrEqual(texts.length);
      if ((kill + 1) % KILLS_PER_FOLDER === 0 || kill + 1 === KILLS) {
        calls += texts.length;
        unknown += known.unknown;
        // The next start signs what the killed ones left.
        const gateway = kit.add(await startGateway({ folder, config: configOf(heard) }));
        for (let whole: Obj = {}; whole['signed'] === undefined || whole['signed'] !== whole['records']; ) {
          await sleep(20);
          whole = await verify(log, '--against', head);
        }
        await gateway.stop();
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
      }
    }
    expect(calls).toBeGreaterThan(KILLS * 2);
    console.log(`${KILLS} kills: ${calls} calls heard, all on record; ${unknown} with unknown outcome`);
  },
  60_000 + KILLS * 10_000,
);

test('what was under way when it was killed is shown as "outcome unknown" after the restart, never as nothing', async () => {
  const folder = place();
  const heard = join(folder, 'heard.txt');
  writeFileSync(heard, '');
  const silent = { command: [process.execPath, SERVER, heard, 'never'] };
  const config = { ...configOf(heard), servers: { notes: silent } };
  const gateway = kit.add(await startGateway({ folder, config }));
  const client = kit.add(httpClient(gateway.url('notes'), TOKEN));
  await client.initialize();
  const call = client.call('note', { text: 'never answered' }).catch(() => undefined);
  while (!readFileSync(heard, 'utf8').includes('never answered')) await sleep(5);
  await gateway.kill9();
  await call;
  const again = kit.add(await startGateway({ folder, config }));
  const log = logFolder(join(folder, 'data'));
  const { out } = await log.audit('list');
  expect(out).toMatch(/ agent +notes +note +allow +\/default +unknown +\S+\n/);
  const [line] = (await log.audit('list', '--jsonl')).out.trimEnd().split('\n').map(readObj);
  expect(objAt(line, 'outcome')).toEqual({ kind: 'unknown' });
  await verify(log);
  await again.stop();
});
