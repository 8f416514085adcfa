import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startChild } from '../kit/child.ts';
import { startGateway } from '../kit/gateway.ts';
import { objAt, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { EVERYTHING, INSPECTOR, TOOLGATE, tapped } from './servers.ts';

const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    echo: {},
    'get-sum': { deny_if: [{ conditions: [{ path: 'args.a', op: 'gt', value: 100 }], on_deny: 'Too much to add.' }] },
    touch: {
      deny_if: [
        { conditions: [{ path: 'args.uri', op: 'contains', value: 'secret' }], on_deny: 'Leave that note alone.' },
      ],
    },
  },
};
const TOKEN = 'a-token-for-the-inspector';
const NEWER = ['--protocol-era', 'modern'];
const ASKING = fileURLToPath(new URL('./asking-server.ts', import.meta.url));

/** How many calls are in a record. */
function callsIn(file: string): number {
  return readFileSync(file, 'utf8').split('"tools/call"').length - 1;
}

const kit = started();
let folder = '';
/** Where the Inspector finds the server, and the file that holds what reached it. */
const targets: Record<string, { readonly args: readonly string[]; readonly heard: string }> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-inspector-'));
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true }) });
  const overHttp = join(folder, 'heard-over-http.jsonl');
  const overStdio = join(folder, 'heard-over-stdio.jsonl');
  const newerOverHttp = join(folder, 'newer-over-http.jsonl');
  const newerOverStdio = join(folder, 'newer-over-stdio.jsonl');
  const newerServer = (record: string) => [process.execPath, ASKING, 'stdio', 'modern', record];
  const gateway = kit.add(
    await startGateway({
      config: {
        servers: {
          everything: { command: tapped(overHttp, EVERYTHING), env: {} },
          newer: { command: newerServer(newerOverHttp) },
        },
        policies: { rules: POLICY },
        grants: {
          inspector: { owner: 'ada', labels: {}, servers: { everything: 'rules', newer: 'rules' }, token: TOKEN },
        },
      },
    }),
  );
  const policy = join(folder, 'policy.json');
  writeFileSync(policy, JSON.stringify(POLICY));
  const header = ['--header', `Authorization: Bearer ${TOKEN}`];
  targets['HTTP'] = {
    args: ['--server-url', gateway.url('everything'), '--transport', 'http', ...header],
    heard: overHttp,
  };
  const wrapped = ['wrap', '--policy', policy, '--data', join(folder, 'data'), '--server', 'wrapped', '--'];
  targets['stdio'] = { args: ['--', ...TOOLGATE, ...wrapped, ...tapped(overStdio, EVERYTHING)], heard: overStdio };
  targets['HTTP, newer'] = {
    args: [...NEWER, '--server-url', gateway.url('newer'), '--transport', 'http', ...header],
    heard: newerOverHttp,
  };
  const newer = wrapped.map((arg) => (arg === 'wrapped' ? 'newer' : arg));
  targets['stdio, newer'] = {
    args: [...NEWER, '--', ...TOOLGATE, ...newer, ...newerServer(newerOverStdio)],
    heard: newerOverStdio,
  };
});
afterAll(() => kit.endAll());

async function inspect(
  front: string,
  ...asked: string[]
): Promise<{ code: number | string; said: unknown; stderr: string }> {
  const [program = '', ...launcher] = INSPECTOR;
  const target = targets[front]?.args ?? [];
  // What follows `--` is the server's command, so what is asked goes first.
  const args = [...launcher, ...asked, '--format', 'json', '-q', ...target];
  const child = kit.add(startChild(program, args, { env: { HOME: folder } }));
  child.endInput();
  const code = await child.finished;
  return { code, said: readObj(child.stdout()) ?? child.stdout(), stderr: child.stderr() };
}

const call = (name: string, args: object): string[] => [
  '--method',
  'tools/call',
  '--tool-name',
  name,
  '--tool-args-json',
  JSON.stringify(args),
];

describe.each(['HTTP', 'stdio'])('the Inspector in the newer era over %s', (way) => {
  const front = `${way}, newer`;

  test('sees only what can be reached', async () => {
    const { code, said, stderr } = await inspect(front, '--method', 'tools/list');
    expect([code, stderr]).toEqual([0, '']);
    expect(objAt(said, 'result')['tools']).toMatchObject([{ name: 'echo' }, { name: 'touch' }]);
  });

  test('gets the answer of an allowed call', async () => {
    const { code, said } = await inspect(front, ...call('echo', { text: 'hello' }));
    expect([code, textOf(objAt(said, 'result'))]).toEqual([0, 'hello']);
  });

  test('fails on a refused call, and shows why', async () => {
    const { code, said, stderr } = await inspect(front, ...call('touch', { uri: 'note://secret' }));
    expect([code, stderr.includes('tool_is_error')]).toEqual([5, true]);
    expect(textOf(objAt(said, 'result'))).toBe('[POLICY DENIED] Leave that note alone.');
    expect(readFileSync(targets[front]?.heard ?? '', 'utf8')).not.toContain('touch');
  });
});

describe.each(['HTTP', 'stdio'])('the Inspector over %s', (front) => {
  test('sees only what can be reached', async () => {
    const { code, said, stderr } = await inspect(front, '--method', 'tools/list');
    expect([code, stderr]).toEqual([0, '']);
    const { tools } = objAt(said, 'result');
    expect(tools).toMatchObject([{ name: 'echo' }, { name: 'get-sum' }]);
  });

  test('gets the answer of an allowed call', async () => {
    const { code, said } = await inspect(front, ...call('echo', { message: 'hello' }));
    expect([code, textOf(objAt(said, 'result'))]).toEqual([0, 'Echo: hello']);
  });

  test('fails on a refused call, and shows why', async () => {
    const { code, said, stderr } = await inspect(front, ...call('get-sum', { a: 101, b: 1 }));
    expect([code, stderr.includes('tool_is_error')]).toEqual([5, true]);
    expect(textOf(objAt(said, 'result'))).toBe('[POLICY DENIED] Too much to add.');
    expect(readFileSync(targets[front]?.heard ?? '', 'utf8')).not.toContain('get-sum');
  });
});

test('the Inspector with a wrong token gets in nowhere', async () => {
  const { heard, args } = targets['HTTP'] ?? { heard: '', args: [] };
  const before = readFileSync(heard, 'utf8');
  targets['wrong'] = { args: args.map((arg) => arg.replace(TOKEN, 'a-token-that-nobody-was-given')), heard };
  const { code, said } = await inspect('wrong', ...call('echo', { message: 'hello' }));
  expect(code).toBe(3);
  expect(said).toBe('');
  expect(readFileSync(heard, 'utf8')).toBe(before);
});

test('the Inspector that asks for the newer era is told when the server speaks the older one only', async () => {
  const { args, heard } = targets['HTTP'] ?? { args: [], heard: '' };
  const before = callsIn(heard);
  targets['too new'] = { args: [...NEWER, ...args], heard };
  const { code, said, stderr } = await inspect('too new', ...call('echo', { message: 'hello' }));
  expect(code).not.toBe(0);
  expect(JSON.stringify(said) + stderr).toContain('2026-07-28');
  expect(callsIn(heard)).toBe(before);
});
