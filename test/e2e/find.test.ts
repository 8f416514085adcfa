import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Child, startChild } from '../kit/child.ts';
import { type Gateway, startGateway, toolgate } from '../kit/gateway.ts';
import { type HttpClient, httpClient } from '../kit/http-client.ts';
import { type Obj, readObj } from '../kit/json-rpc.ts';
import { started } from '../kit/started.ts';
import { eventually } from './rig.ts';
import { RECORDING } from './servers.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const AGENT = 'a-token-that-the-agent-was-given';
const VERA = 'a-token-that-vera-was-given-for-looking';
const CONFIG: Obj = {
  servers: { recording: { command: RECORDING } },
  policies: {
    rules: {
      version: '1',
      default: 'deny',
      tools: {
        echo: {},
        sum: { deny_if: [{ id: 'no-sevens', conditions: [{ path: 'args.a', op: 'eq', value: 7 }] }] },
      },
    },
  },
  grants: { laptop: { owner: 'alice', servers: { recording: 'rules' }, token: AGENT } },
  people: { vera: { roles: ['viewer'], token: VERA } },
};

const kit = started();
const folder = mkdtempSync(join(tmpdir(), 'toolgate-find-'));
const data = join(folder, 'data');
let gateway: Gateway;
let agent: HttpClient;

async function start(config?: Obj): Promise<void> {
  gateway = kit.add(await startGateway({ folder, ...(config === undefined ? {} : { config }) }));
  agent = kit.add(httpClient(gateway.url('recording'), AGENT));
  await agent.initialize();
}

beforeAll(async () => {
  await start(CONFIG);
  for (let n = 1; n <= 30; n += 1) await agent.call('echo', { text: `note ${n} of the week` });
  await agent.call('echo', { text: 'Invoice 4711 for cfo@example.com' });
  await agent.call('sum', { a: 7, b: 1 });
  await agent.call('rm', {});
});
afterAll(async () => {
  await kit.endAll();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});

function objIn(text: string): Obj {
  const read = readObj(text);
  if (read === undefined) throw new Error(`no object: ${text}`);
  return read;
}

async function list(...args: string[]): Promise<readonly Obj[]> {
  const { code, stdout, stderr } = await toolgate(['audit', 'list', '--data', data, '--jsonl', ...args]);
  expect(code).toBe(0);
  // A name may be misspelt.
  const nothing = 'toolgate audit list: no record of the log fits all of that\n';
  expect(stdout === '' ? ['', nothing] : ['']).toContain(stderr);
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [objIn(line)]));
}

async function ask(query: string, token = VERA): Promise<{ readonly status: number; readonly body: Obj }> {
  const answer = await fetch(`${gateway.base}/api/audit${query}`, { headers: { authorization: `Bearer ${token}` } });
  return { status: answer.status, body: objIn(await answer.text()) };
}

const recordsOf = (body: Obj): readonly Obj[] => body['records'] as readonly Obj[];

describe('finding a call beside the gateway that made it', () => {
  test('by its words, its tool, its rule or what became of it', async () => {
    const [call, ...more] = await list('--text', 'invoice cfo@example');
    expect(more).toEqual([]);
    expect(call).toMatchObject({
      tool: 'echo',
      args: { text: 'Invoice 4711 for cfo@example.com' },
      outcome: { kind: 'ok' },
    });
    expect((await list('--tool', 's*', '--effect', 'deny')).map((one) => one['ruleId'])).toEqual(['no-sevens']);
    expect(await list('--rule', 'no-sevens')).toHaveLength(1);
    expect(await list('--grant', 'laptop', '--since', '1h', '--tool', 'echo', '--limit', '99')).toHaveLength(31);
    expect(await list('--until', '1h')).toEqual([]);
    expect(await list('--owner', 'bob')).toEqual([]);
    expect(statSync(join(data, 'toolgate-index.db')).mode & 0o777).toBe(0o600);
  });

  test('by HTTP, page after page, as a viewer', async () => {
    const { status, body } = await ask('?tool=echo&limit=10');
    expect(status).toBe(200);
    const seen = [...recordsOf(body)];
    for (let next = body['next']; typeof next === 'string'; ) {
      // What is added meanwhile stands before the first page.
      await agent.call('echo', { text: 'meanwhile' });
      const page = (await ask(`?tool=echo&limit=10&before=${next}`)).body;
      seen.push(...recordsOf(page));
      next = page['next'];
    }
    expect(new Set(seen.map(({ id }) => id)).size).toBe(31);
    expect(seen).toHaveLength(31);
    expect(seen.every(({ outcome }) => (outcome as Obj)['kind'] === 'ok')).toBe(true);
    expect(seen.map(({ seq }) => Number(seq))).toEqual(seen.map(({ seq }) => Number(seq)).toSorted((a, b) => b - a));
    const one = (await ask(`/${seen[0]?.['id']}`)).body;
    expect(one['record']).toEqual(seen[0]);
    expect((one['links'] as Obj[]).map(({ kind }) => kind)).toEqual(['call', 'outcome']);
  });

  test('nobody without standing, and nothing that is not understood', async () => {
    expect((await ask('', AGENT)).status).toBe(403);
    expect((await ask('', 'nobody')).status).toBe(401);
    expect((await ask('/nothing')).status).toBe(404);
    for (const [query, told] of [
      ['?colour=red', 'colour'],
      ['?effect=perhaps', 'effect'],
      ['?since=yesterday', 'since'],
      ['?since=1h&until=2h', 'until must be later'],
      ['?limit=0', 'limit'],
      ['?before=12', 'before'],
      ['?text=%21%21', 'text'],
      ['?tool=a&tool=b', 'tool'],
      ['?grant=', 'grant'],
    ] as const) {
      const { status, body } = await ask(query);
      expect([status, String((body['error'] as Obj)['message'])]).toEqual([400, expect.stringContaining(told)]);
    }
  });

  test('all about one: the decision, its outcome, its links', async () => {
    const [call] = await list('--text', '4711');
    const shown = await toolgate(['audit', 'show', String(call?.['id']), '--data', data]);
    expect(shown.code).toBe(0);
    for (const told of ['decision   ', 'allow', 'Invoice 4711', 'outcome', 'ok', String(call?.['hash']), '/tools/echo'])
      expect(shown.stdout).toContain(told);
    const none = await toolgate(['audit', 'show', 'nothing', '--data', data]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('there is no record "nothing"')]);
  });

  test('a spreadsheet opens it, and runs nothing', async () => {
    await agent.call('echo', { text: 'x' });
    await agent.call('=HYPERLINK("http://evil.example","a, b")', {});
    const { stdout } = await toolgate(['audit', 'list', '--data', data, '--csv', '--limit', '2']);
    const [head, first, second] = stdout.split('\r\n');
    expect(head?.startsWith('time,id,kind,event,grant,owner,')).toBe(true);
    expect(first).toContain(`,"'=HYPERLINK(""http://evil.example"",""a, b"")",`);
    expect(second).toContain(',"{""text"":""x""}",');
  });
});

describe('watching calls as they come', () => {
  const lines = (tail: Child): readonly Obj[] =>
    tail
      .stdout()
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [objIn(line)]));

  test('tail -f tells of each within half a second, also of a gateway that was started again, and ends with Ctrl-C', async () => {
    const tail = kit.add(
      startChild(process.execPath, [
        MAIN,
        'audit',
        'tail',
        '-f',
        '--data',
        data,
        '--tool',
        'echo',
        '--limit',
        '2',
        '--jsonl',
      ]),
    );
    await eventually('the last two are told', () => lines(tail).length === 2);
    await agent.call('echo', { text: 'a new one' });
    const called = Date.now();
    await eventually('the new one is told, with its outcome', () => {
      const told = lines(tail).slice(2);
      return told.length > 0 && told.some(({ outcome }) => (outcome as Obj)['kind'] === 'ok');
    });
    expect(Date.now() - called).toBeLessThan(1_500);
    await agent.stop();
    await gateway.kill9();
    await start();
    await agent.call('echo', { text: 'after the restart' });
    await eventually('it goes on', () => tail.stdout().includes('after the restart'));
    process.kill(tail.pid, 'SIGINT');
    expect(await tail.exited).toBe(0);
    expect(tail.stderr()).toBe('');
  });

  test('the table is for people, with its head', async () => {
    const { code, stdout } = await toolgate(['audit', 'tail', '--data', data, '--limit', '3', '--text', 'note']);
    expect(code).toBe(0);
    expect(stdout.split('\n')[0]).toMatch(/^TIME +GRANT +SERVER +TOOL +DECISION +RULE +OUTCOME +ID$/);
    expect(stdout.trimEnd().split('\n')).toHaveLength(4);
  });

  test('whoever stops reading ends it quietly', async () => {
    const command = `"${process.execPath}" "${MAIN}" audit list --data "${data}" --jsonl --limit 1000 | head -1`;
    const shell = startChild('/bin/sh', ['-c', command]);
    expect(await shell.finished).toBe(0);
    expect(shell.stdout().split('\n')).toHaveLength(2);
    expect(shell.stderr()).toBe('');
  });
});
