import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, arrived, eventually, OPEN_POLICY, processesWith, recordingCommand } from './rig.ts';

const kit = started();
let folder: string;
let record: string;
let scripts: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-life-'));
  record = join(folder, 'record.jsonl');
  scripts = join(folder, 'server-');
});

afterEach(async () => {
  for (const pid of processesWith(scripts)) process.kill(pid, 'SIGKILL');
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

/** The shortest server there is: it answers the handshake, and then does as `after` says. */
function script(name: string, before: string, after: string): string[] {
  const file = `${scripts}${name}.sh`;
  const result = '{"protocolVersion":"2025-11-25","capabilities":{},"serverInfo":{"name":"sh","version":"1"}}';
  const answer = [
    'read -r line',
    `id=$(printf '%s' "$line" | sed 's/.*"id":\\([0-9]*\\).*/\\1/')`,
    `printf '{"jsonrpc":"2.0","id":%s,"result":${result}}\\n' "$id"`,
  ];
  writeFileSync(file, [before, ...answer, after, ''].join('\n'));
  return ['/bin/sh', file];
}

/** Ignores the end of its input and every polite signal, and so does what it has started. */
function stubborn(): string[] {
  const child = `${scripts}grandchild.sh`;
  writeFileSync(child, `trap '' TERM INT HUP\nwhile :; do sleep 1; done\n`);
  return script('stubborn', `trap '' TERM INT HUP\n/bin/sh ${child} </dev/null &`, 'while :; do sleep 1; done');
}

async function start(servers: Obj, policy: Obj = OPEN_POLICY, args: readonly string[] = []): Promise<Gateway> {
  const grants = {
    agent: {
      owner: 'alice',
      servers: Object.fromEntries(Object.keys(servers).map((name) => [name, 'rules'])),
      token: AGENT,
    },
  };
  return kit.add(await startGateway({ folder, config: { servers, policies: { rules: policy }, grants }, args }));
}

async function openClient(gateway: Gateway, server: string): Promise<HttpClient> {
  const client = kit.add(httpClient(gateway.url(server), AGENT));
  await client.initialize();
  return client;
}

/** A gateway in full use: an open stream, a call that hangs, a server that will not go. */
async function busyGateway(): Promise<Gateway> {
  const gateway = await start({
    recorder: { command: recordingCommand(record) },
    stubborn: { command: stubborn() },
  });
  const client = await openClient(gateway, 'recorder');
  await client.stream();
  void client.call('hang').catch(() => undefined);
  await eventually('the call hangs', () => arrived(record, 'tools/call').length === 1);
  await openClient(gateway, 'stubborn');
  expect(processesWith(record)).toHaveLength(1);
  // A shell that is about to run something is two of itself for a moment.
  await eventually('the server and its child run', () => processesWith(scripts).length === 2);
  return gateway;
}

const left = (): readonly number[] => [...processesWith(record), ...processesWith(scripts)];

describe('the gateway is told to stop', () => {
  it.each([
    ['by Ctrl-C, which a terminal sends to the whole group', 'SIGINT', -1],
    ['by SIGTERM', 'SIGTERM', 1],
    ['by the end of its terminal', 'SIGHUP', 1],
  ] as const)('%s: exit code 0, and no process is left, not even one that will not go', async (_how, signal, sign) => {
    const gateway = await busyGateway();
    process.kill(sign * gateway.pid, signal);
    expect(await gateway.exited).toBe(0);
    expect(left()).toEqual([]);
    const verified = await toolgate(['audit', 'verify', '--data', gateway.data]);
    expect(verified.code).toBe(0);
  });
});

describe('the gateway is killed without a word', () => {
  it('no process is left within a few seconds', async () => {
    const gateway = await busyGateway();
    await gateway.kill9();
    await eventually('all of them are gone', () => left().length === 0);
  });

  it('what was counted and recorded is there when it runs again', async () => {
    const policy = {
      version: '1',
      default: 'deny',
      tools: { echo: { limits: [{ counter: 'echoes', window: 'hour', max: 3 }] } },
    };
    const servers = { recorder: { command: recordingCommand(record) } };
    const gateway = await start(servers, policy);
    const client = await openClient(gateway, 'recorder');
    await client.call('echo', { text: 'one' });
    await client.call('echo', { text: 'two' });
    await gateway.kill9();

    const second = await start(servers, policy);
    const again = await openClient(second, 'recorder');
    expect(textOf(objAt(await again.call('echo', { text: 'three' }), 'result'))).toBe('three');
    await second.kill9();

    const third = await start(servers, policy);
    const last = await openClient(third, 'recorder');
    expect(textOf(objAt(await last.call('echo', { text: 'four' }), 'result'))).toContain('Limit echoes');
    expect(arrived(record, 'tools/call').map((one) => objAt(objAt(one, 'params'), 'arguments')['text'])).toEqual([
      'one',
      'two',
      'three',
    ]);

    const listed = await toolgate(['audit', 'list', '--data', third.data, '--json']);
    const calls = (JSON.parse(listed.stdout) as Obj[]).filter((one) => one['tool'] === 'echo');
    expect(calls.map((one) => one['decision'])).toEqual(['deny', 'allow', 'allow', 'allow']);
    expect((await toolgate(['audit', 'verify', '--data', third.data])).code).toBe(0);
  });
});

describe('the gateway cannot start', () => {
  it('when its port is taken: exit code 1 and one line that says so', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    kit.add({ stop: () => new Promise((resolve) => holder.close(() => resolve())) });
    const address = holder.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const config = join(folder, 'toolgate.json');
    writeFileSync(config, JSON.stringify({ servers: { recorder: { command: recordingCommand(record) } } }));
    const ended = await toolgate(['serve', '--config', config, '--data', join(folder, 'data'), '--port', port]);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toMatch(new RegExp(`port ${port} on 127\\.0\\.0\\.1 is taken.*--port`));
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('when its data folder is a file: exit code 1 and a line that names it', async () => {
    const data = join(folder, 'data');
    writeFileSync(data, 'no folder');
    const config = join(folder, 'toolgate.json');
    writeFileSync(config, JSON.stringify({ servers: { recorder: { command: recordingCommand(record) } } }));
    const ended = await toolgate(['serve', '--config', config, '--data', data, '--port', '0']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(data);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('clients that leave without a word', () => {
  it('fifty sessions, dropped in every state: all their processes end once they lie idle, and the next client is served', async () => {
    const gateway = await start({ quick: { command: script('quick', '', 'cat >/dev/null'), idle: 1 } });
    const opened = Array.from({ length: 50 }, async (_, n) => {
      const client = httpClient(gateway.url('quick'), AGENT);
      if (n % 5 === 0) void client.initialize().catch(() => undefined);
      else await client.initialize();
      if (n % 5 === 1) void client.stream().catch(() => undefined);
      if (n % 5 === 2) void client.call('never', {}).catch(() => undefined);
      await client.stop();
    });
    await Promise.all(opened);
    await eventually('all of them are gone', () => processesWith(scripts).length === 0);
    const next = await openClient(gateway, 'quick');
    await eventually('one of them runs', () => processesWith(scripts).length === 1);
    expect((await next.delete()).status).toBe(204);
    expect(processesWith(scripts)).toEqual([]);
  });
});
