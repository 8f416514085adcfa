import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Child, startChild } from '../kit/child.ts';
import { toolgate, wrap } from '../kit/gateway.ts';
import { type Obj, objAt, readObj, textOf } from '../kit/json-rpc.ts';
import type { LineClient } from '../kit/line-client.ts';
import { started } from '../kit/started.ts';
import { isAlive, pidIn, until } from './alive.ts';
import { numbered, RECORDING, stubborn, TOOLGATE } from './servers.ts';

const kit = started();
let folder = '';
let data = '';
let policy = '';
/** All that reached the server, line by line. */
let record = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-wrap-'));
  data = join(folder, 'data');
  policy = join(folder, 'policy.json');
  record = join(folder, 'heard.jsonl');
  kit.add({ stop: async () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }) });
});
afterEach(() => kit.endAll());

const allowing = (tools: Obj): string => JSON.stringify({ version: '1', default: 'deny', tools });
const TWICE = { counter: 'rate', window: 'minute', max: 2, scope: 'grant' };

function recording(): readonly string[] {
  return [...RECORDING, '--record', record];
}

async function wrapped(command: readonly string[], ...options: string[]): Promise<LineClient> {
  const client = kit.add(wrap(['--policy', policy, '--data', data, ...options, '--', ...command]));
  await client.initialize();
  return client;
}

async function isRefused(client: LineClient, tool = 'echo'): Promise<boolean> {
  const { result } = await client.call(tool, { text: 'hello' });
  const text = textOf(result);
  expect(text === 'hello' || text.startsWith('[POLICY DENIED] ')).toBe(true);
  return text !== 'hello';
}

function callsHeard(): number {
  if (!existsSync(record)) return 0;
  return readFileSync(record, 'utf8').split('"method":"tools/call"').length - 1;
}

describe('one data folder', () => {
  test('three processes of one grant share its limit, to the call', async () => {
    writeFileSync(policy, allowing({ echo: { limits: [{ ...TWICE, max: 10 }] } }));
    const clients = await Promise.all([1, 2, 3].map(() => wrapped(recording())));
    const calls = clients.flatMap((client) => Array.from({ length: 6 }, () => isRefused(client)));
    const refused = (await Promise.all(calls)).filter((one) => one);
    expect(refused).toHaveLength(8);
    expect(callsHeard()).toBe(10);
    const stranger = await wrapped(recording(), '--grant', 'another');
    expect(await isRefused(stranger)).toBe(false);
  });

  test('the server is named for its command, and the name is where counters belong', async () => {
    const command = join(folder, 'my-server');
    writeFileSync(
      command,
      `#!/bin/sh\nexec ${recording()
        .map((part) => `'${part}'`)
        .join(' ')}\n`,
    );
    chmodSync(command, 0o755);
    writeFileSync(policy, allowing({ echo: { limits: [TWICE] } }));
    const unnamed = await wrapped([command]);
    expect([await isRefused(unnamed), await isRefused(unnamed), await isRefused(unnamed)]).toEqual([
      false,
      false,
      true,
    ]);
    const named = await wrapped(recording(), '--server', 'my-server');
    expect(await isRefused(named)).toBe(true);
    const another = await wrapped(recording(), '--server', 'your-server');
    expect(await isRefused(another)).toBe(false);
    expect(callsHeard()).toBe(3);
    const { stdout } = await toolgate(['audit', 'list', '--data', data, '--jsonl']);
    const servers = stdout.split('\n').map((line) => readObj(line)?.['server']);
    expect(new Set(servers.filter((name) => name !== undefined))).toEqual(new Set(['my-server', 'your-server']));
  });
});

describe('the policy file', () => {
  test('is taken up whenever it changes, while the server goes on', async () => {
    const open = allowing({ echo: {} });
    const shut = allowing({ sum: {} });
    writeFileSync(policy, open);
    const client = await wrapped(recording());
    expect(await isRefused(client)).toBe(false);

    writeFileSync(policy, shut);
    await until('the first change', () => isRefused(client));
    const before = callsHeard();
    expect(await isRefused(client)).toBe(true);
    expect(callsHeard()).toBe(before);

    replace(open);
    await until('the second change', async () => !(await isRefused(client)));
    replace(shut);
    await until('the third change', () => isRefused(client));
    writeFileSync(policy, open);
    await until('the fourth change', async () => !(await isRefused(client)));
    expect(readFileSync(record, 'utf8').split('"method":"initialize"')).toHaveLength(2);
  });

  test('a broken edit leaves the last good one in force, and says where it is broken', async () => {
    writeFileSync(policy, allowing({ echo: {} }));
    const client = await wrapped(recording());
    writeFileSync(policy, '{"version":"1","default":"deny",\n "toools":{}}');
    await until('a word about it', () => client.stderr().includes('last good one'));
    expect(client.stderr()).toMatch(/policy\.json:2:\d+ .*toools.*tools/);
    expect([await isRefused(client, 'echo'), await isRefused(client, 'sum')]).toEqual([false, true]);

    replace('{"version":');
    await until('a second word', () => client.stderr().split('last good one').length === 3);
    expect(await isRefused(client)).toBe(false);
    replace(allowing({ sum: {} }));
    await until('the mended file', () => isRefused(client));
  });

  test.each([
    ['broken JSON', '{"version":"1",\n  oops', /policy\.json:2:\d+ ./],
    ['an unknown key', '{"version":"1","default":"deny",\n  "tool":{}}', /policy\.json:2:3 .*"tools"/],
    [
      'SQL of a dialect that nobody can parse',
      '{"version":"1","default":"deny","tools":{"q":{"require":[{"conditions":[{"path":"args.q","op":"sql_only","value":{"kinds":["select"],"dialect":"mysql"}}]}]}}}',
      /policy\.json:1:\d+ .*"mysql" has no parser that can be trusted/,
    ],
  ])('that cannot be read at the start starts nothing: %s', async (_what, text, told) => {
    writeFileSync(policy, text);
    const client = kit.add(wrap(['--policy', policy, '--data', data, '--', ...recording()]));
    client.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: {} });
    expect(await client.exited).toBe(1);
    expect(client.stderr()).toMatch(told);
    expect([client.messages, client.noise, existsSync(record)]).toEqual([[], [], false]);
  });

  test('that is not there starts nothing', async () => {
    const { code, stdout, stderr } = await toolgate(['wrap', '--policy', policy, '--data', data, '--', ...recording()]);
    expect([code, stdout, existsSync(record)]).toEqual([1, '', false]);
    expect(stderr).toContain('policy.json');
  });

  function replace(text: string): void {
    writeFileSync(`${policy}.new`, text);
    renameSync(`${policy}.new`, policy);
  }
});

test.each([
  ['no command', ['--policy', 'p.json']],
  ['no command after the dashes', ['--policy', 'p.json', '--']],
  ['a command without the dashes', ['--policy', 'p.json', 'node']],
  ['no policy', ['--', 'node']],
  ['an option without its value', ['--policy', '--', 'node']],
  ['an unknown option', ['--polcy', 'p.json', '--', 'node']],
  ['a name that cannot stand in a URL', ['--policy', 'p.json', '--server', 'a/b', '--', 'node']],
])('a wrong command line is a matter of usage: %s', async (_what, args) => {
  const { code, stdout, stderr } = await toolgate(['wrap', ...args], { cwd: folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^toolgate wrap: [^\n]+\n$/);
});

describe('the end', () => {
  const hangUp = (client: Child): void => client.endInput();
  const signal =
    (name: NodeJS.Signals) =>
    (client: Child): void =>
      void process.kill(client.pid, name);

  test('a server that crashes in a call: the caller is told, and it is started again in the same session', async () => {
    writeFileSync(policy, allowing({ die: {}, echo: {} }));
    const client = await wrapped(recording());
    const answer = await client.call('die');
    expect(objAt(answer, 'error')['message']).toMatch(/exit code 7.*may have taken effect/);
    await until(
      'the server runs again',
      async () => textOf(objAt(await client.call('echo', { text: 'hi' }), 'result')) === 'hi',
    );
    expect(client.stderr()).toMatch(/^toolgate: .*server.*exit code 7; it is being started again$/m);
    expect(readFileSync(record, 'utf8').split('"name":"die"')).toHaveLength(2);
  });

  test('a server that cannot be started: the client is told, and the wrap ends', async () => {
    writeFileSync(policy, allowing({}));
    const client = kit.add(wrap(['--policy', policy, '--data', data, '--', join(folder, 'no-such-program')]));
    const answer = await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    expect(objAt(answer, 'error')['message']).toContain('no-such-program');
    expect(await client.exited).toBe(1);
    expect(client.stderr()).toContain('no-such-program');
  });

  test('a server that refuses the handshake: stderr has its words, and the wrap ends', async () => {
    writeFileSync(policy, allowing({}));
    const modern = fileURLToPath(new URL('../conformance/fixtures/modern-server.ts', import.meta.url));
    const client = kit.add(wrap(['--policy', policy, '--data', data, '--', process.execPath, modern, 'stdio']));
    await client.request('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    expect(await client.exited).toBe(1);
    expect(client.stderr()).toMatch(/^toolgate: the server could not be initialized: .*version: 2025-11-25"$/m);
  });

  test.each([
    ['the client closes its side', 0, hangUp],
    ['SIGTERM', 0, signal('SIGTERM')],
    ['SIGINT', 0, signal('SIGINT')],
    ['SIGKILL', 'SIGKILL', signal('SIGKILL')],
  ])('leaves no child behind: %s', async (_how, code, end) => {
    writeFileSync(policy, allowing({}));
    const pids = join(folder, 'pid');
    const raw = rawWrap(numbered(pids, recording()));
    const pid = await pidIn(pids);
    await until('the answer', () => hasAnswered(raw));
    expect(isAlive(pid)).toBe(true);
    end(raw);
    expect(await raw.exited).toBe(code);
    await until('the end of the child', () => !isAlive(pid));
  });

  test.each([
    ['the client closes its side', 0, hangUp],
    ['SIGTERM', 0, signal('SIGTERM')],
    ['SIGKILL', 'SIGKILL', signal('SIGKILL')],
  ])('leaves not even a child that will not go: %s', async (_how, code, end) => {
    writeFileSync(policy, allowing({}));
    const pids = join(folder, 'pid');
    const raw = rawWrap(stubborn(pids));
    const pid = await pidIn(pids);
    await until('the answer', () => hasAnswered(raw));
    end(raw);
    await until('the end of the child', () => !isAlive(pid));
    expect(await raw.exited).toBe(code);
  });

  test('a client that leaves in the middle of a call takes the server along', async () => {
    writeFileSync(policy, allowing({ hang: {} }));
    const pids = join(folder, 'pid');
    const raw = rawWrap(numbered(pids, recording()));
    const pid = await pidIn(pids);
    await until('the answer', () => hasAnswered(raw));
    raw.write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"hang","arguments":{}}}\n');
    await until('the call', () => callsHeard() === 1);
    raw.endInput();
    await until('the end of the child', () => !isAlive(pid));
    expect(await raw.exited).toBe(0);
  });

  function hasAnswered(raw: Child): boolean {
    return raw.stdout().includes('"result"');
  }

  /** A wrap that has been sent `initialize`, its ends in the test's hands. */
  function rawWrap(command: readonly string[]): Child {
    const [program = '', main = ''] = TOOLGATE;
    const child = kit.add(startChild(program, [main, 'wrap', '--policy', policy, '--data', data, '--', ...command]));
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'raw', version: '1' } };
    child.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params })}\n`);
    return child;
  }
});
