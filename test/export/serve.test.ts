import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openDatabase } from '../../src/store/sqlite/driver.ts';
import { openSqliteLog } from '../../src/store/sqlite/open.ts';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { checkedLinks, type ExportedLink } from './link-check.ts';
import { otlpFaults } from './otlp-check.ts';
import { linesOf, SECRET, type Siem, startSiem } from './siem.ts';

/** How often the gateway is killed; `TOOLGATE_KILLS` raises it. */
const KILLS = Number(process.env['TOOLGATE_KILLS'] ?? 4);
const TOKEN = 'a-token-that-the-agent-was-given';
const SERVER = fileURLToPath(new URL('../audit/hearing-server.ts', import.meta.url));
const eventually = { timeout: 50_000, interval: 20 };

const kit = started();
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-export-'));
  writeFileSync(join(folder, 'heard.txt'), '');
});
afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function configOf(exports: Obj): Obj {
  return {
    servers: { notes: { command: [process.execPath, SERVER, join(folder, 'heard.txt')] } },
    policies: { open: { version: '1', default: 'allow', tools: {} } },
    grants: { agent: { owner: 'alice', servers: { notes: 'open' }, token: TOKEN } },
    audit: { export: exports },
  };
}

const start = async (config: Obj): Promise<Gateway> =>
  kit.add(await startGateway({ folder, config, env: { EXPORT_TOKEN: SECRET } }));

/** Calls as fast as it goes until the gateway is gone. */
async function callOn(gateway: Gateway, name: string): Promise<void> {
  const client = kit.add(httpClient(gateway.url('notes'), TOKEN));
  try {
    await client.initialize();
    for (let n = 0; ; n += 1) await client.call('note', { text: `${name}-${n} ünïcode ,"body": \u2028`, big: 2 ** 60 });
  } catch {
    // Killed.
  } finally {
    await client.stop();
  }
}

/** As if the time of whoever was killed were over. */
function letGo(): void {
  const db = openDatabase(join(folder, 'data', 'toolgate.db'), { readOnly: false, busyMs: 5_000 });
  db.exec('UPDATE export_cursor SET until = 0');
  db.close();
}

function otlpLinks({ deliveries }: Siem): readonly ExportedLink[] {
  return deliveries.flatMap(({ body }) => {
    expect(otlpFaults(body)).toEqual([]);
    const { logRecords } = JSON.parse(body).resourceLogs[0].scopeLogs[0];
    return (logRecords as readonly { readonly attributes: readonly Obj[] }[]).map(({ attributes }) => {
      const given = Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value as Obj)[0]]));
      const at = (name: string): string => String(given[`toolgate.record.${name}`]);
      const [writer, id, kind, hash, limits, body] = [
        at('writer'),
        at('id'),
        at('kind'),
        at('hash'),
        at('limits'),
        at('body'),
      ];
      return { writer, seq: Number(at('seq')), id, kind, at: Number(at('at')), hash, limits, body };
    });
  });
}

/** Every record of the log, as texts that can be compared. */
async function recorded(): Promise<ReadonlySet<string>> {
  const log = await openSqliteLog(join(folder, 'data'));
  const found = new Set<string>();
  try {
    for await (const link of log.links()) found.add(`${link.writer} ${link.seq} ${link.hash} ${link.body}`);
  } finally {
    await log.close();
  }
  return found;
}

function keysOf(links: readonly ExportedLink[]): ReadonlySet<string> {
  const { writers } = checkedLinks(links);
  return new Set([...writers.values()].flat().map((link) => `${link.writer} ${link.seq} ${link.hash} ${link.body}`));
}

test(
  `a gateway that is killed ${KILLS} times under load has handed every record to address, collector and file, and what they have proves itself`,
  async () => {
    const [siem, otel] = [kit.add(await startSiem()), kit.add(await startSiem())];
    const exports = {
      siem: {
        to: 'http',
        url: `http://127.0.0.1:${siem.port}/in?key=\${EXPORT_TOKEN}`,
        headers: { 'X-Key': `\${EXPORT_TOKEN}` },
      },
      otel: {
        to: 'otlp',
        url: `http://127.0.0.1:${otel.port}/v1/logs`,
        headers: { Authorization: `Bearer \${EXPORT_TOKEN}` },
      },
      disk: { to: 'file', file: 'audit.jsonl' },
    };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const gateway = await start(configOf(exports));
      const callers = [callOn(gateway, `k${kill}-a`), callOn(gateway, `k${kill}-b`)];
      await sleep(300 + Math.random() * 1_200);
      await gateway.kill9();
      await Promise.all(callers);
      letGo();
    }
    const gateway = await start(configOf(exports));
    const up = async () =>
      (await toolgate(['audit', 'exports', '--config', gateway.configFile, '--data', gateway.data, '--json'])).stdout;
    await vi.waitFor(
      async () => {
        const { exports: looked } = JSON.parse(await up()) as { exports: readonly Obj[] };
        expect(looked).toMatchObject(['siem', 'otel', 'disk'].map((name) => ({ name, behind: 0, problem: null })));
      },
      { timeout: 50_000, interval: 300 },
    );
    const whole = await recorded();
    const disk = linesOf(readFileSync(join(folder, 'audit.jsonl'), 'utf8'));
    for (const links of [siem.links(), otlpLinks(otel), disk]) {
      const keys = keysOf(links);
      expect([...whole].filter((key) => !keys.has(key))).toEqual([]);
    }
    expect(siem.deliveries[0]?.url).toContain(SECRET);
    await gateway.stop();
    expect(gateway.stdout() + gateway.stderr()).not.toContain(SECRET);
    for (const file of readdirSync(gateway.data)) {
      expect(readFileSync(join(gateway.data, file)).includes(SECRET)).toBe(false);
    }
    expect(readFileSync(join(folder, 'audit.jsonl'), 'utf8')).not.toContain(SECRET);
    console.log(
      `${KILLS} kills: ${whole.size} records, all handed over; twice: ${checkedLinks(siem.links()).doubles} by HTTP`,
    );
  },
  60_000 + KILLS * 10_000,
);

test('exports come and go with the configuration while it runs; the end of the gateway is handed over too', async () => {
  const siem = kit.add(await startSiem());
  const gateway = await start(configOf({}));
  const client = kit.add(httpClient(gateway.url('notes'), TOKEN));
  await client.initialize();
  await client.call('note', { text: 'before' });
  const file = join(folder, 'audit.jsonl');
  const to = { siem: { to: 'http', url: `http://127.0.0.1:${siem.port}/` }, disk: { to: 'file', file: 'audit.jsonl' } };
  writeFileSync(gateway.configFile, JSON.stringify(configOf(to)));
  await vi.waitFor(() => expect(siem.links().some(({ body }) => body.includes('before'))).toBe(true), eventually);
  writeFileSync(gateway.configFile, JSON.stringify(configOf({ siem: { to: 'http' } })));
  await vi.waitFor(() => expect(gateway.stderr()).toContain('"url" is missing: where are records sent?'), eventually);
  await client.call('note', { text: 'while it is broken' });
  await vi.waitFor(
    () => expect(siem.links().some(({ body }) => body.includes('while it is broken'))).toBe(true),
    eventually,
  );
  writeFileSync(gateway.configFile, JSON.stringify(configOf({ disk: to.disk })));
  await vi.waitFor(() => expect(gateway.stderr()).toMatch(/took up[\s\S]*took up/), eventually);
  await client.call('note', { text: 'after' });
  await vi.waitFor(() => expect(readFileSync(file, 'utf8')).toContain('after'), eventually);
  await gateway.stop();
  expect(siem.links().some(({ body }) => body.includes('after'))).toBe(false);
  const kept = linesOf(readFileSync(file, 'utf8'));
  expect(kept.some(({ body }) => body.includes('session ended'))).toBe(true);
  expect(keysOf(kept).size).toBe(kept.length);
});
