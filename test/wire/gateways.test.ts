import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { systemCrypto } from '../../src/compose/system-crypto.ts';
import type { Json } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { eventually } from '../e2e/rig.ts';
import { randomOf } from '../fuzz/random.ts';
import { startGateway, toolgate, wrap } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, readObj } from '../kit/json-rpc.ts';
import { startRecordingServer } from '../kit/recording-http-server.ts';
import { started } from '../kit/started.ts';
import { passThrough } from './gate-path.ts';
import { headersFor } from './modern-scene.ts';
import { post } from './post.ts';
import { buildGo, type Reading, startReaders } from './readers.ts';
import { anyMessage } from './spoil.ts';

const SERVER = fileURLToPath(new URL('odd-server.ts', import.meta.url));
const MODERN_SERVER = fileURLToPath(new URL('modern-server.ts', import.meta.url));
const TOKEN = 'token-of-alice-with-enough-characters';
const OPEN: Obj = { version: '1', default: 'allow' };
const MESSAGES = 700;

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-wire-'));
const go = buildGo();
const readers = startReaders(go.commands);

afterAll(async () => {
  for (const reader of readers) reader.close();
  go.remove();
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** Messages as the fuzz makes them, but cancellations: a call that is cancelled in time is judged and never sent. */
function messages(seed: number): readonly string[] {
  const random = randomOf(seed);
  return Array.from({ length: MESSAGES }, () => anyMessage(random)).filter((text) => {
    const passed = passThrough(text);
    return passed.kind === 'sent' || !passed.reason.startsWith('a cancellation');
  });
}

/** What the server saw, as a reader tells it, and what the log says was let through: method, name, digest of the arguments. */
async function agreement(data: string, received: () => readonly string[]): Promise<number> {
  const judged = await allowed(data);
  await eventually('all that was let through has arrived', () => callsIn(received()).length >= judged.length);
  const lines = callsIn(received());
  const { digest } = systemCrypto(data);
  for (const reader of readers) {
    const seen = (await reader.read(lines)).map((reading) => callOf(reading, digest));
    expect([reader.name, seen.sort()]).toEqual([reader.name, [...judged].sort()]);
  }
  return lines.length;
}

const CALLS = ['tools/call', 'prompts/get', 'resources/read', 'resources/subscribe'];

function callsIn(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => CALLS.includes(String((JSON.parse(line) as Obj)['method'])));
}

function callOf(reading: Reading, digest: (text: string) => string): string {
  if (reading.kind === 'fault') return reading.reason;
  const [fields = '{}'] = reading.fields.slice(-1);
  const { method, 'params.name': name, 'params.uri': uri, 'params.arguments': args } = JSON.parse(fields) as Obj;
  const isResource = String(method).startsWith('resources/');
  const given = isResource ? { uri } : (args ?? {});
  return `${method} ${isResource ? uri : name} ${digest(canonicalJson(given as Json))}`;
}

async function allowed(data: string): Promise<readonly string[]> {
  const { stdout } = await toolgate(['audit', 'list', '--data', data, '--jsonl', '--limit', '1000000']);
  const records = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Obj]));
  return records
    .filter(({ method, decision }) => decision === 'allow' && CALLS.includes(String(method)))
    .map((one) => `${one['method']} ${one['tool'] ?? one['target']} ${one['argsDigest']}`);
}

describe('through real gateways, what every reader sees of the bytes that arrived is what the log says was judged', () => {
  test('HTTP in front and behind', async () => {
    const remote = kit.add(await startRecordingServer());
    const gateway = kit.add(
      await startGateway({
        config: {
          servers: { remote: { url: remote.url } },
          policies: { open: OPEN },
          grants: { alice: { owner: 'alice', servers: { remote: 'open' }, token: TOKEN } },
        },
      }),
    );
    const client = kit.add(httpClient(gateway.url('remote'), TOKEN));
    await client.initialize();
    for (const text of messages(71)) await client.raw(text);
    expect(objAt(await client.call('echo', { text: 'last' }), 'result')['content']).toBeDefined();
    expect(await agreement(gateway.data, () => remote.received.filter((body) => body !== ''))).toBeGreaterThan(25);
  });

  test('HTTP of 2026-07-28 in front, with headers that repeat what a lenient reader takes from the body', async () => {
    const record = join(folder, 'modern.jsonl');
    const gateway = kit.add(
      await startGateway({
        config: {
          servers: { modern: { command: [process.execPath, MODERN_SERVER, record] } },
          policies: { open: OPEN },
          grants: { alice: { owner: 'alice', servers: { modern: 'open' }, token: TOKEN } },
        },
      }),
    );
    const headers = [
      ['host', new URL(gateway.base).host],
      ['content-type', 'application/json'],
      ['accept', 'application/json, text/event-stream'],
      ['authorization', `Bearer ${TOKEN}`],
    ] as const;
    // A subscription has no end of its own.
    const texts = [73, 74, 75, 76]
      .flatMap(messages)
      .filter((text) => text.includes('2026-07-28') && !text.includes('subscriptions/listen'));
    for (const text of texts) {
      const told = readObj(text) ?? {};
      const named = headersFor(String(told['method']), objAt(told, 'params'));
      if (named.every(([, value]) => /^[\x21-\x7e]+$/.test(value))) {
        await post(gateway.url('modern'), text, [...headers, ...named]);
      }
    }
    const received = (): readonly string[] => readFileSync(record, 'utf8').split('\n').slice(0, -1);
    expect(await agreement(gateway.data, received)).toBeGreaterThan(25);
  });

  test('stdio in front and behind', async () => {
    const [policy, record, data] = ['policy.json', 'record.jsonl', 'data'].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    writeFileSync(policy, JSON.stringify(OPEN));
    const client = kit.add(wrap(['--policy', policy, '--data', data, '--', process.execPath, SERVER, record]));
    await client.initialize();
    const texts = messages(72);
    for (let at = 0; at < texts.length; at += 50) {
      client.raw(`${texts.slice(at, at + 50).join('\n')}\n`);
      await client.call('echo', { text: 'a pause, so that not too many wait at once' });
    }
    expect(await agreement(data, () => readFileSync(record, 'utf8').split('\n').slice(0, -1))).toBeGreaterThan(25);
  });
});
