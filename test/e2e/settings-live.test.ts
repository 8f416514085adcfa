import { mkdtempSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, eventually, OPEN_POLICY, OTHER, processesWith, recordingCommand } from './rig.ts';

const kit = started();
let folder: string;
let record: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'toolgate-live-'));
  record = join(folder, 'record.jsonl');
});

afterEach(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true });
});

const AGENT_GRANT: Obj = { owner: 'alice', servers: { recorder: 'rules' }, token: AGENT };

function configWith(grants: Obj, server: Obj = { command: recordingCommand(record) }): Obj {
  return { servers: { recorder: server }, policies: { rules: 'policy.json' }, grants };
}

async function start(config: Obj = configWith({ agent: AGENT_GRANT })): Promise<Gateway> {
  return kit.add(await startGateway({ folder, config, files: { 'policy.json': JSON.stringify(OPEN_POLICY) } }));
}

async function openClient(gateway: Gateway, token: string = AGENT): Promise<HttpClient> {
  const client = kit.add(httpClient(gateway.url('recorder'), token));
  await client.initialize();
  return client;
}

/** How often the gateway said a thing to its operator. */
function times(gateway: Gateway, text: string): number {
  return gateway.stderr().split(text).length - 1;
}

async function echo(client: HttpClient): Promise<'passes' | 'is refused'> {
  const result = objAt(await client.call('echo', { text: 'hi' }), 'result');
  return textOf(result) === 'hi' ? 'passes' : 'is refused';
}

const REFUSING = JSON.stringify({ ...OPEN_POLICY, tools: { echo: { action: 'deny' } } });
const PASSING = JSON.stringify(OPEN_POLICY);

describe('a policy edited while the gateway runs', () => {
  it('is taken up each time: written in place, replaced by a rename, deleted and restored', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const policy = join(folder, 'policy.json');
    const TAKEN = 'took up the changed configuration';
    expect(await echo(client)).toBe('passes');

    writeFileSync(policy, REFUSING);
    await eventually('the first edit is in force', () => times(gateway, TAKEN) === 1);
    expect(await echo(client)).toBe('is refused');

    writeFileSync(`${policy}.new`, PASSING);
    renameSync(`${policy}.new`, policy);
    await eventually('the replacement is in force', () => times(gateway, TAKEN) === 2);
    expect(await echo(client)).toBe('passes');

    writeFileSync(`${policy}.new`, REFUSING);
    renameSync(`${policy}.new`, policy);
    await eventually('the second replacement is in force', () => times(gateway, TAKEN) === 3);
    expect(await echo(client)).toBe('is refused');

    unlinkSync(policy);
    await eventually('its absence is told', () => times(gateway, 'the last good one stays in force') === 1);
    expect(await echo(client)).toBe('is refused');

    writeFileSync(policy, PASSING);
    await eventually('the restored one is in force', () => times(gateway, TAKEN) === 4);
    expect(await echo(client)).toBe('passes');
  });

  it('that is broken changes nothing, and the operator hears where it is broken; mended, it is taken up', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, REFUSING);
    await eventually('the edit is in force', () => times(gateway, 'took up') === 1);

    writeFileSync(policy, '{\n  "version": "1",\n  "default": "allow",\n  "tool": {}\n}');
    await eventually('it is told', () => times(gateway, 'the last good one stays in force') === 1);
    expect(gateway.stderr()).toMatch(/policy\.json:4:3 .*"tool"/);
    expect(await echo(client)).toBe('is refused');

    writeFileSync(policy, '{ "version": "1", ');
    await eventually('that too', () => times(gateway, 'the last good one stays in force') === 2);
    expect(gateway.stderr()).toMatch(/policy\.json:1:\d+ /);
    expect(await echo(client)).toBe('is refused');

    const strange = { x: { rate_limit: { max: 1, window: 1, per: {} } } };
    writeFileSync(policy, JSON.stringify({ version: '1', default: 'allow', tools: strange }));
    await eventually('and that', () => times(gateway, 'the last good one stays in force') === 3);
    expect(await echo(client)).toBe('is refused');

    writeFileSync(policy, PASSING);
    await eventually('the mended one is in force', () => times(gateway, 'took up') === 2);
    expect(await echo(client)).toBe('passes');
  });
});

describe('a configuration edited while the gateway runs', () => {
  const write = (config: Obj | string): void =>
    writeFileSync(join(folder, 'toolgate.json'), typeof config === 'string' ? config : JSON.stringify(config));

  it('that is broken leaves all as it was: no grant is lost, none is won', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    write(
      `{ "servers": {},\n  "grants": { "intruder": { "owner": "x", "servers": {}, "token": "${OTHER}" } },\n  "polices": {} }`,
    );
    await eventually('it is told', () => times(gateway, 'the last good one stays in force') === 1);
    expect(gateway.stderr()).toMatch(/toolgate\.json:3:3 .*"polices"/);
    expect(gateway.stderr()).not.toContain(OTHER);
    expect(await echo(client)).toBe('passes');
    const intruder = kit.add(httpClient(gateway.url('recorder'), OTHER));
    expect((await intruder.post({})).status).toBe(401);
  });

  it('that revokes a grant ends its stream, its session and its process, and refuses its calls; others go on', async () => {
    const other = { owner: 'bob', servers: { recorder: 'rules' }, token: OTHER };
    const gateway = await start(configWith({ agent: AGENT_GRANT, other }));
    const client = await openClient(gateway);
    const stream = await client.stream();
    const stays = await openClient(gateway, OTHER);
    const staying = await stays.stream();
    let hasEnded = false;
    void staying.ended.then(() => {
      hasEnded = true;
    });
    expect(processesWith(record)).toHaveLength(2);

    const edited = performance.now();
    write(configWith({ other }));
    await stream.ended;
    // A second is promised; the rest is for a busy machine.
    expect(performance.now() - edited).toBeLessThan(3_000);
    expect((await client.notify('notifications/initialized')).status).toBe(401);
    expect(await echo(stays)).toBe('passes');
    expect(hasEnded).toBe(false);
    await eventually('its process is gone', () => processesWith(record).length === 1);
  });

  it('that takes one server from a grant: 403 there, with the token still good', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const stream = await client.stream();
    write(configWith({ agent: { ...AGENT_GRANT, servers: {} } }));
    await stream.ended;
    expect((await client.notify('notifications/initialized')).status).toBe(403);
  });

  it('that gives a grant another token shuts out whoever holds the old one, streams too', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const stream = await client.stream();
    write(configWith({ agent: { ...AGENT_GRANT, token: OTHER } }));
    await eventually('it is in force', () => times(gateway, 'took up') === 1);
    expect((await client.notify('notifications/initialized')).status).toBe(401);
    const ended = await Promise.race([
      stream.ended.then(() => 'ended'),
      new Promise((resolve) => setTimeout(resolve, 3_000)),
    ]);
    expect(ended).toBe('ended');
  });

  it('revokes even when the store cannot be written at that moment: nobody keeps a grant because of a fault', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const lock = new DatabaseSync(join(gateway.data, 'toolgate.db'));
    lock.exec('BEGIN IMMEDIATE');
    write(configWith({}));
    await eventually('the gateway has noticed the edit', () => /configuration/.test(gateway.stderr()));
    lock.exec('ROLLBACK');
    lock.close();
    await eventually(
      'the grant is refused',
      async () => (await client.notify('notifications/initialized')).status === 401,
    );
  });

  it('that changes how a server is started ends its old processes; the next session has the new one', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    expect(processesWith(record)).toHaveLength(1);
    const next = join(folder, 'next.jsonl');
    write(configWith({ agent: AGENT_GRANT }, { command: recordingCommand(next) }));
    await eventually('the old process is gone', () => processesWith(record).length === 0);
    expect((await client.notify('notifications/initialized')).status).toBe(404);
    await client.initialize();
    expect(await echo(client)).toBe('passes');
    expect(processesWith(next)).toHaveLength(1);
  });

  it('that changes how a stubborn server is started does not make a revocation wait for it', async () => {
    const stubborn = join(folder, 'stubborn.mjs');
    writeFileSync(stubborn, `process.on('SIGTERM', () => {});\n${STUBBORN_SERVER}`);
    const other = { owner: 'bob', servers: { recorder: 'rules' }, token: OTHER };
    const gateway = await start(configWith({ agent: AGENT_GRANT, other }, { command: [process.execPath, stubborn] }));
    await openClient(gateway, OTHER);
    write(configWith({ agent: AGENT_GRANT, other }, { command: recordingCommand(record) }));
    await eventually('the old session ends', async () => {
      const probe = kit.add(httpClient(gateway.url('recorder'), OTHER));
      return JSON.stringify(await probe.initialize()).includes('recording-server');
    });
    write(configWith({ agent: AGENT_GRANT }));
    const edited = performance.now();
    const probe = kit.add(httpClient(gateway.url('recorder'), OTHER));
    await eventually('the other grant is refused', async () => (await probe.post({})).status === 401);
    expect(performance.now() - edited).toBeLessThan(3_000);
  });

  it('with a new grant without a token: one is made, printed once, and works', async () => {
    const gateway = await start();
    const fresh = { owner: 'carol', servers: { recorder: 'rules' } };
    write(configWith({ agent: AGENT_GRANT, fresh }));
    await eventually('the token is printed', () => gateway.stdout().includes('Grant fresh: token'));
    const token = /Grant fresh: token (\S+)/.exec(gateway.stdout())?.[1] ?? '';
    expect(await echo(await openClient(gateway, token))).toBe('passes');
    write(configWith({ agent: { ...AGENT_GRANT, owner: 'alice b.' }, fresh }));
    await eventually('another edit is in force', () => times(gateway, 'took up') === 2);
    expect(gateway.stdout().split('Grant fresh: token')).toHaveLength(2);
    expect(await echo(await openClient(gateway, token))).toBe('passes');
    expect(gateway.stderr()).not.toContain(token);
  });
});

const STUBBORN_SERVER = `
import { createInterface } from 'node:readline';
createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line);
  const result = { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 'stubborn', version: '1' } };
  if (method === 'initialize') console.log(JSON.stringify({ jsonrpc: '2.0', id, result }));
});
setInterval(() => {}, 1000);
`;

describe('a grant that expires', () => {
  it('loses its stream and its calls at that moment, without any edit', async () => {
    const gateway = await start();
    const client = await openClient(gateway);
    const stream = await client.stream();
    const expires = Date.now() + 2_500;
    writeFileSync(
      join(folder, 'toolgate.json'),
      JSON.stringify(configWith({ agent: { ...AGENT_GRANT, expires: new Date(expires).toISOString() } })),
    );
    await eventually('the edit is in force', () => times(gateway, 'took up') === 1);
    if (Date.now() < expires - 500) expect(await echo(client)).toBe('passes');
    await stream.ended;
    expect(Date.now()).toBeGreaterThanOrEqual(expires);
    expect(Date.now() - expires).toBeLessThan(3_000);
    expect((await client.notify('notifications/initialized')).status).toBe(403);
    await eventually('its process is gone', () => processesWith(record).length === 0);
  });
});

describe('a token that the gateway made', () => {
  const config = (): Obj => configWith({ agent: { owner: 'alice', servers: { recorder: 'rules' } } });
  const tokenIn = (text: string): string => /Token {11}(tg_\S+)/.exec(text)?.[1] ?? '';

  it('is shown once, outlives a restart, and ends when a new one is asked for', async () => {
    const first = await start(config());
    const token = tokenIn(first.stdout());
    expect(await echo(await openClient(first, token))).toBe('passes');
    await first.stop();

    const second = await start(config());
    expect(tokenIn(second.stdout())).toBe('');
    expect(second.stdout()).toContain('--new-token agent');
    expect(await echo(await openClient(second, token))).toBe('passes');
    await second.stop();

    const third = kit.add(await startGateway({ folder, args: ['--new-token', 'agent'] }));
    const next = tokenIn(third.stdout());
    expect(next).not.toBe(token);
    expect(await echo(await openClient(third, next))).toBe('passes');
    expect((await kit.add(httpClient(third.url('recorder'), token)).post({})).status).toBe(401);
  });

  it('cannot be asked for in the name of a grant that is not there', async () => {
    writeFileSync(join(folder, 'toolgate.json'), JSON.stringify(config()));
    writeFileSync(join(folder, 'policy.json'), PASSING);
    const args = ['--config', join(folder, 'toolgate.json'), '--data', join(folder, 'data'), '--port', '0'];
    const ended = await toolgate(['serve', ...args, '--new-token', 'agnet']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('--new-token agnet');
  });
});
