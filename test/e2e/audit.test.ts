import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Gateway, startGateway, toolgate, wrap } from '../kit/gateway.ts';
import { httpClient } from '../kit/http-client.ts';
import { isObj, type Obj, objAt, readObj, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { ARGS, callsOfAllKinds, configOf, GIVEN, messagesThatAreNone, RULES, SECRETS, WRONG } from './audit-story.ts';
import { RECORDING } from './servers.ts';
import { TAMPERINGS, tamper } from './tamper.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-audit-'));
const data = join(folder, 'data');
const heard = join(folder, 'heard.jsonl');
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** What the gateway said in all its lives, and the token that it made for bob. */
const said = { stdout: [''], stderr: [''], made: '' };
let records: readonly Obj[] = [];
let session = '';

beforeAll(async () => {
  const gateway = await startGateway({ folder, config: configOf(heard) });
  said.made = /Token +(\S+)/.exec(gateway.stdout())?.[1] ?? '';
  const alice = httpClient(gateway.url('recording'), GIVEN);
  const bob = httpClient(gateway.url('recording'), said.made);
  await callsOfAllKinds(alice);
  session = alice.sessionId ?? '';
  await messagesThatAreNone(alice);
  await bob.initialize();
  expect(textOf((await bob.call('echo', { text: 'hello' }))['result'])).toBe('hello');
  const stranger = httpClient(gateway.url('recording'), WRONG);
  for (let n = 1; n <= 50; n += 1) expect((await stranger.raw('{}')).status).toBe(401);
  await Promise.all([alice.stop(), bob.stop(), stranger.stop()]);
  await end(gateway);
  const again = await startGateway({ folder });
  const returning = httpClient(again.url('recording'), said.made);
  await returning.initialize();
  expect(textOf((await returning.call('echo', { text: 'hello' }))['result'])).toBe('hello');
  await returning.stop();
  await end(again);
  records = await list();
});

async function end(gateway: Gateway): Promise<void> {
  await gateway.stop();
  said.stdout.push(gateway.stdout());
  said.stderr.push(gateway.stderr());
}

async function list(from: string = data): Promise<readonly Obj[]> {
  const { code, stdout, stderr } = await toolgate(['audit', 'list', '--data', from, '--json', '--limit', '1000']);
  expect([code, stderr]).toEqual([0, '']);
  const all: unknown = JSON.parse(stdout);
  return Array.isArray(all) ? all.filter(isObj) : [];
}

/** The records of calls to the tool, oldest first. */
function callsOf(tool: string, grant = 'alice-laptop'): readonly Obj[] {
  return records.filter((one) => one['tool'] === tool && one['grant'] === grant).toReversed();
}

describe('the log', () => {
  test('tells all there is to know of an allowed call', () => {
    const [first] = callsOf('echo');
    expect(first).toMatchObject({
      kind: 'call',
      grant: 'alice-laptop',
      owner: 'alice',
      session,
      client: { name: 'http-client', version: '1.0.0' },
      server: 'recording',
      method: 'tools/call',
      tool: 'echo',
      argsDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      decision: 'allow',
      rule: '/tools/echo',
      reason: expect.stringMatching(/./),
      policy: expect.stringMatching(/^[0-9a-f]{64}$/),
      limits: [{ counter: 'echo_rate', scope: 'grant', used: 1, max: 2 }],
      outcome: { kind: 'ok' },
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(new Date(String(first?.['time'])).toISOString()).toBe(first?.['time']);
    expect(first?.['seq']).toBeGreaterThan(0);
    for (const part of Object.values(objAt(objAt(first, 'outcome'), 'latency'))) {
      expect(Number.isInteger(part)).toBe(true);
    }
    expect(Object.keys(objAt(objAt(first, 'outcome'), 'latency')).length).toBeGreaterThanOrEqual(3);
  });

  test('tells which call was refused by what, and that the server had no part in it', () => {
    const [, second, third] = callsOf('echo');
    expect(second).toMatchObject({ decision: 'allow', limits: [{ used: 2, max: 2 }] });
    expect(third).toMatchObject({ decision: 'deny', rule: '/tools/echo/limits/0', owner: 'alice', session });
    expect(third?.['retryAfterSeconds']).toBeGreaterThan(0);
    expect(callsOf('sum')).toMatchObject([
      { decision: 'deny', rule: '/tools/sum/deny_if/0', ruleId: 'no-sevens', reason: 'Not seven.' },
    ]);
    expect(callsOf('log')).toMatchObject([{ decision: 'deny', rule: '(default deny)' }]);
    expect(callsOf('die')).toMatchObject([{ decision: 'deny', rule: '(hidden)' }]);
    expect(callsOf('no-such-tool')).toMatchObject([{ decision: 'deny', rule: '(unknown)' }]);
    expect(callsOf('echo', 'bob-laptop')).toMatchObject([
      { decision: 'allow', owner: 'bob', limits: [{ used: 1 }] },
      { decision: 'allow', owner: 'bob', limits: [{ used: 2 }] },
    ]);
    const refused = records.filter((one) => one['decision'] === 'deny');
    expect(refused.filter((one) => one['outcome'] !== undefined)).toEqual([]);
    const calls = readFileSync(heard, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"tools/call"'));
    expect(calls).toHaveLength(4);
  });

  test('has the messages that never became a call', () => {
    const refused = records.filter((one) => one['rule'] === '(message refused)' && one['grant'] === 'alice-laptop');
    expect(refused).toMatchObject([
      { decision: 'deny', method: 'tools/burn', owner: 'alice', session },
      { decision: 'deny', reason: expect.stringMatching(/batch|array/i) },
      { decision: 'deny', reason: expect.stringMatching(/./) },
    ]);
  });

  test('counts strangers, and they cannot fill it', () => {
    const strangers = records.filter((one) => one['source'] !== undefined);
    expect(strangers.length).toBeGreaterThanOrEqual(1);
    expect(strangers.length).toBeLessThanOrEqual(2);
    for (const one of strangers)
      expect(one).toMatchObject({ decision: 'deny', source: expect.stringMatching(/127\.0\.0\.1/) });
    expect(strangers.reduce((sum, one) => sum + Number(one['count']), 0)).toBe(50);
  });

  test('is listed newest first, and no more of it than was asked for', async () => {
    const times = records.map((one) => String(one['time']));
    expect(times).toEqual(times.toSorted().toReversed());
    const { stdout } = await toolgate(['audit', 'list', '--data', data, '--jsonl', '--limit', '2']);
    const lines = stdout.trimEnd().split('\n').map(readObj);
    expect(lines).toEqual(records.slice(0, 2));
  });

  test('knows arguments by a digest that nobody can make without the key', () => {
    const [first, second] = callsOf('echo');
    const [once, again] = callsOf('echo', 'bob-laptop');
    const digests = [first, second, once].map((one) => one?.['argsDigest']);
    expect(new Set(digests).size).toBe(3);
    expect(again?.['argsDigest']).toBe(once?.['argsDigest']);
    const plain = createHash('sha256').update('{"text":"hello"}').digest('hex');
    expect(once?.['argsDigest']).not.toBe(plain);
  });
});

describe('secrets', () => {
  test('in arguments reach the server, and the log only as dots', () => {
    expect(readFileSync(heard, 'utf8')).toContain(SECRETS.password);
    const args = objAt(callsOf('echo')[0], 'args');
    expect(args).toMatchObject({ text: 'hello', nested: [{ colour: 'green' }] });
    expect(args['headers_json']).toMatch(/"Accept":"\*\/\*"/);
    for (const secret of Object.values(SECRETS)) {
      expect(JSON.stringify(args)).not.toContain(secret);
      expect(filesHolding(secret)).toEqual([]);
    }
  });

  test('tokens are shown once, and are nowhere afterwards', () => {
    expect(said.made.length).toBeGreaterThanOrEqual(20);
    expect(said.stdout[1]).toContain(said.made);
    expect(said.stdout[2]).not.toContain(said.made);
    for (const token of [GIVEN, WRONG, said.made]) {
      expect(filesHolding(token)).toEqual([]);
      expect(said.stderr.join('')).not.toContain(token);
    }
    for (const token of [GIVEN, WRONG]) expect(said.stdout.join('')).not.toContain(token);
  });

  test.each([
    ['keys', { text: 'string', password: 'string' }],
    ['full', undefined],
  ])('with "arguments": "%s" the log keeps what the operator wants', async (mode, kept) => {
    const own = mkdtempSync(join(tmpdir(), 'toolgate-audit-'));
    kit.add({ stop: async () => rmSync(own, { recursive: true, force: true, maxRetries: 3 }) });
    const gateway = kit.add(
      await startGateway({ folder: own, config: { ...configOf(heard), audit: { arguments: mode } } }),
    );
    const client = kit.add(httpClient(gateway.url('recording'), GIVEN));
    await client.initialize();
    await client.call('echo', { text: 'hello', password: SECRETS.password });
    const [call] = (await list(gateway.data)).filter((one) => one['tool'] === 'echo');
    expect([call?.['args'], call?.['argsKept']]).toEqual([kept, mode]);
  });

  test('a wrapped server has a log of the same kind', async () => {
    const own = mkdtempSync(join(tmpdir(), 'toolgate-audit-'));
    kit.add({ stop: async () => rmSync(own, { recursive: true, force: true, maxRetries: 3 }) });
    writeFileSync(join(own, 'rules.json'), JSON.stringify(RULES));
    const client = kit.add(
      wrap(['--policy', join(own, 'rules.json'), '--data', own, '--server', 'mine', '--', ...RECORDING]),
    );
    await client.initialize();
    await client.call('echo', ARGS);
    client.raw('{"jsonrpc":"2.0","id":1,\n[]\n');
    await client.call('log', {});
    await client.stop();
    const listed = await list(own);
    const local = { grant: 'local', server: 'mine', client: { name: 'line-client', version: '1.0.0' } };
    expect(listed.filter((one) => one['decision'] !== undefined)).toMatchObject([
      { ...local, tool: 'log', decision: 'deny', rule: '(default deny)' },
      { ...local, rule: '(message refused)' },
      { ...local, rule: '(message refused)' },
      { ...local, tool: 'echo', decision: 'allow', outcome: { kind: 'ok' }, limits: [{ used: 1, max: 2 }] },
    ]);
    for (const secret of Object.values(SECRETS)) expect(JSON.stringify(listed)).not.toContain(secret);
    // The key belongs to the data folder: the same arguments have another digest here.
    const here = listed.find((one) => one['tool'] === 'echo')?.['argsDigest'];
    expect(here).not.toBe(callsOf('echo')[0]?.['argsDigest']);
  });

  function filesHolding(secret: string): readonly string[] {
    const files = readdirSync(data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    const paths = files.map((entry) => join(entry.parentPath, entry.name));
    return paths.filter((path) => readFileSync(path).includes(secret));
  }
});

describe('the chain', () => {
  test('is whole', async () => {
    const { code, stdout, stderr } = await toolgate(['audit', 'verify', '--data', data]);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ok: [1-9]\d* records, 2 writers/);
  });

  test.each(TAMPERINGS)('shows %s, and where', async (_what, tampering) => {
    const copy = mkdtempSync(join(tmpdir(), 'toolgate-audit-'));
    kit.add({ stop: async () => rmSync(copy, { recursive: true, force: true }) });
    cpSync(data, copy, { recursive: true });
    const { writer, seq } = tamper(join(copy, 'toolgate.db'), tampering);
    const { code, stdout, stderr } = await toolgate(['audit', 'verify', '--data', copy]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(new RegExp(`^broken: writer ${writer}, record ${seq} [^\n]+\n$`));
  });

  test('is signed: heads, proofs and a new key, from the command line, and a program of one file agrees', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'toolgate-audit-'));
    kit.add({ stop: async () => rmSync(copy, { recursive: true, force: true }) });
    cpSync(data, copy, { recursive: true });
    const audit = (...argv: readonly string[]) =>
      toolgate(['audit', ...argv], { cwd: copy, env: { TOOLGATE_DATA: copy } });
    const second = fileURLToPath(new URL('../../examples/verify-audit.mjs', import.meta.url));
    const stranger = (...argv: readonly string[]) =>
      spawnSync(process.execPath, [second, ...argv], { cwd: copy, encoding: 'utf8' });
    cpSync(join(copy, 'audit-signing.pub'), join(copy, 'first.pub'));
    expect(await audit('head', '--out', 'head.json')).toMatchObject({ code: 0, stdout: 'written to head.json\n' });
    const rotated = await audit('rotate-key');
    expect(rotated).toMatchObject({ code: 0, stderr: '' });
    expect(rotated.stdout).toMatch(
      /^key [0-9a-f]{64} handed over to key [0-9a-f]{64}, which signs the log from now on\n$/,
    );
    expect((await audit('list', '--limit', '1')).stdout).toContain('audit key changed');
    const known = ['--against', 'head.json', '--public-key', 'first.pub'];
    expect(await audit('verify', ...known)).toMatchObject({ code: 0, stderr: '' });
    expect(stranger('.', ...known)).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^ok: \d+ records, \d+ seals\n$/),
    });
    const id = String(callsOf('echo')[0]?.['id']);
    expect((await audit('prove', id, '--out', 'proof.json')).code).toBe(0);
    const proof = ['--proof', 'proof.json', '--public-key', 'first.pub'];
    const shown = await audit('verify', ...proof);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toContain('"tool":"echo"');
    expect(stranger(...proof)).toMatchObject({ status: 0, stdout: 'ok: 2 records proved\n' });
    tamper(join(copy, 'toolgate.db'), TAMPERINGS[0]![1]);
    expect((await audit('verify', ...known)).code).toBe(1);
    expect(stranger('.', ...known)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^broken: writer /) });
  });

  test('that is not there is no chain', async () => {
    const { code, stderr } = await toolgate(['audit', 'verify', '--data', join(folder, 'nowhere')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^toolgate audit verify: [^\n]*nowhere[^\n]*\n$/);
  });
});
