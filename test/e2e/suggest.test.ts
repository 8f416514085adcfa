import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, objAt, textOf } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { AGENT, eventually, OPEN_POLICY, OTHER } from './rig.ts';
import { MITMPROXY, RECORDING } from './servers.ts';

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-suggest-'));
const data = join(folder, 'data');
const out = join(folder, 'suggested.jsonc');
let gateway: Gateway;
let agent: HttpClient;

afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A week's work in small: what the agent does with its proxy. */
const WORK: readonly (readonly [string, Obj])[] = [
  ...Array.from({ length: 30 }, (_, n) => ['get_traffic_summary', { limit: 5 + n }] as const),
  ...Array.from({ length: 40 }, (_, n) => ['inspect_flow', { flow_id: `flow-${n + 1}` }] as const),
  ...Array.from(
    { length: 24 },
    (_, n) => ['replay_flow', { flow_id: 'flow-1', method: n % 2 ? 'GET' : 'HEAD' }] as const,
  ),
  ...Array.from(
    { length: 12 },
    (_, n) => ['search_traffic', { domain: 'shop.example', ...(n % 3 ? {} : { method: 'GET' }) }] as const,
  ),
  ...Array.from({ length: 5 }, (_, n) => ['load_traffic_file', { file_path: `/srv/flows/day-${n}.mitm` }] as const),
  ['set_session_variable', { name: 'token', value: 'sk_live_4eC39HqLyjWDarjtT1zdp7dc' }],
  ['list_rules', {}],
];

/** What an agent may write that a file is made of. */
const EVIL = '*/ }\n"default": "allow" // \u2028, \u001b[2J';

beforeAll(async () => {
  gateway = kit.add(
    await startGateway({
      folder,
      config: {
        servers: { mitmproxy: { command: MITMPROXY }, recording: { command: RECORDING, audit: { '*': 'full' } } },
        policies: { rules: 'policy.json', open: 'open.json' },
        grants: {
          agent: { owner: 'alice', servers: { mitmproxy: 'rules', recording: 'open' }, token: AGENT },
          other: { owner: 'bob', servers: { mitmproxy: 'rules' }, token: OTHER },
        },
      },
      files: {
        'policy.json': JSON.stringify({ ...OPEN_POLICY, tools: { clear_traffic: { action: 'deny' } } }),
        'open.json': JSON.stringify(OPEN_POLICY),
      },
    }),
  );
  agent = await clientOf('mitmproxy', AGENT);
  for (const [tool, args] of WORK) expect([tool, await passes(agent, tool, args)]).toEqual([tool, true]);
  // What was refused is no reason for a rule.
  expect(await passes(agent, 'clear_traffic', {})).toBe(false);
  const recording = await clientOf('recording', AGENT);
  expect(await passes(recording, 'echo', { text: EVIL })).toBe(true);
  await recording.stop();
});

async function clientOf(server: string, token: string): Promise<HttpClient> {
  const client = kit.add(httpClient(gateway.url(server), token));
  await client.initialize();
  return client;
}

async function passes(client: HttpClient, tool: string, args: Obj): Promise<boolean> {
  return !textOf(objAt(await client.call(tool, args), 'result')).startsWith('[POLICY DENIED] ');
}

const suggest = (...args: string[]) => toolgate(['policy', 'suggest', '--from-log', '--data', data, ...args]);

test('a log of several servers asks which one', async () => {
  const asked = await suggest();
  expect(asked).toMatchObject({ code: 2, stdout: '' });
  expect(asked.stderr).toContain('"mitmproxy" (113), "recording" (1)');
  expect(asked.stderr).toContain('--server NAME');
  const files = join(folder, 'all');
  expect(await suggest('--out', files)).toMatchObject({ code: 0, stderr: '' });
  const names = readdirSync(files).sort();
  expect(names).toEqual(['mitmproxy.policy.jsonc', 'recording.policy.jsonc']);
  // Nothing is written if one of them is there.
  rmSync(join(files, names[0] ?? ''));
  expect((await suggest('--out', files)).stderr).toContain('recording.policy.jsonc is there already');
  expect(readdirSync(files)).toEqual(['recording.policy.jsonc']);
  expect(await suggest('--out', files, '--force')).toMatchObject({ code: 0 });
  for (const name of names) {
    expect(await toolgate(['policy', 'check', '--strict', join(files, name)])).toMatchObject({ code: 0, stderr: '' });
  }
});

test('what an agent wrote stays a text in what is printed', async () => {
  const { stdout } = await suggest('--server', 'recording');
  const comments = stdout.split('\n').filter((line) => line.trimStart().startsWith('//'));
  expect(comments.filter((line) => line.includes('default'))).toHaveLength(1);
  for (const sign of ['\u2028', '\u001b']) expect(stdout).not.toContain(sign);
  expect(JSON.parse(stdout.replace(/^\s*\/\/.*$/gm, ''))).toMatchObject({
    default: 'deny',
    tools: { echo: { require: [{ conditions: [{ path: 'args.text', op: 'eq', value: EVIL }] }] } },
  });
});

test('the suggestion is a policy as it stands, with its evidence, and without secrets', async () => {
  const written = await suggest('--server', 'mitmproxy', '--out', out);
  expect(written).toMatchObject({ code: 0, stderr: '' });
  expect(written.stdout).toContain(`toolgate policy check --strict ${out}`);
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('// 40 calls of 1 grant');
  expect(text).toContain('// method: seen "GET" (12), "HEAD" (12)');
  expect(text).not.toContain('sk_live');
  expect(text).not.toContain('clear_traffic');
  expect(await toolgate(['policy', 'check', '--strict', out])).toMatchObject({ code: 0, stderr: '' });
  // What is to be done next is about the same log.
  expect(written.stdout).toMatch(new RegExp(`toolgate policy backtest ${out} .* --data ${data}$`, 'm'));
  const backtest = ['policy', 'backtest', out, '--data', data, '--since', '1h', '--server', 'mitmproxy'];
  // What was refused stays so; of the value that was not kept nobody can tell.
  expect((await toolgate(backtest)).stdout).toContain('0 tighter, 0 looser, 113 unchanged, 1 cannot be told');
  const again = await suggest('--server', 'mitmproxy', '--out', out);
  expect(again).toMatchObject({ code: 2 });
  expect(again.stderr).toContain('is there already; --force writes over it');
});

test('in force, it lets the same work pass, and little else', async () => {
  writeFileSync(join(folder, 'policy.json'), readFileSync(out, 'utf8').replace(/^\s*\/\/.*$/gm, ''));
  await eventually('the policy is taken up', () => gateway.stderr().includes('took up the changed configuration'));
  // A grant of whose calls nothing is counted yet.
  const other = await clientOf('mitmproxy', OTHER);
  for (const [tool, args] of WORK) expect([tool, args, await passes(other, tool, args)]).toEqual([tool, args, true]);
  const ODD: readonly (readonly [string, Obj])[] = [
    ['stop_proxy', {}],
    ['clear_traffic', {}],
    ['inspect_flow', { flow_id: 'flow-1; rm' }],
    ['inspect_flow', { flow_id: 'flow-1', full_body: true }],
    ['replay_flow', { flow_id: 'flow-1', method: 'DELETE' }],
    ['replay_flow', { flow_id: 'flow-2', method: 'GET' }],
    ['search_traffic', { domain: 'bank.example' }],
    ['search_traffic', { domain: 'shop.example', limit: 9 }],
    ['load_traffic_file', { file_path: '/srv/flows/../../etc/passwd' }],
    ['load_traffic_file', { file_path: '/etc/passwd' }],
    ['get_traffic_summary', { limit: 5000 }],
    ['get_traffic_summary', { limit: '10' }],
    ['list_rules', { all: true }],
  ];
  for (const [tool, args] of ODD) expect([tool, args, await passes(other, tool, args)]).toEqual([tool, args, false]);
  // Half as much again, and no more.
  const more: boolean[] = [];
  for (let n = 0; n < 40; n += 1) more.push(await passes(other, 'inspect_flow', { flow_id: `flow-${n}` }));
  expect(more.filter((one) => one)).toHaveLength(20);
  await other.stop();
});

test('programs get the same with ids of records', async () => {
  const { stdout, code } = await suggest('--server', 'recording', '--json');
  expect(code).toBe(0);
  const told: Obj = JSON.parse(stdout);
  expect(told).toMatchObject({
    server: 'recording',
    calls: 1,
    policy: { version: '1', default: 'deny' },
    evidence: [
      { pointer: '/tools/echo', says: expect.stringMatching(/^seen once, /), examples: [expect.any(String)] },
      {},
      {},
      {},
    ],
  });
});

test('of arguments that were erased nothing is said', async () => {
  expect(await toolgate(['audit', 'erase', '--data', data, '--grant', 'agent'])).toMatchObject({ code: 0 });
  const { stdout } = await suggest('--server', 'recording');
  expect(stdout).toContain('// - echo: args: the arguments of 1 of 1 calls were not kept');
  expect(stdout).not.toContain('default\\": \\"allow');
});

test('wrong command lines are told what to write', async () => {
  expect((await toolgate(['policy', 'suggest', '--data', data])).stderr).toContain('--from-log is missing');
  expect((await suggest('--since', 'yesterday')).stderr).toContain('such as 30m, 2h or 7d');
  expect((await suggest('--since', '1h', '--until', '2h')).stderr).toContain('--until must be later than --since');
  const nobody = await suggest('--grant', 'nobody');
  expect(nobody).toMatchObject({ code: 1, stdout: '' });
  expect(nobody.stderr).toContain('no call of the grant "nobody" passed in that time');
});
