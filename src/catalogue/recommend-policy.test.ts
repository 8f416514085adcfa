import { describe, expect, test } from 'vitest';
import { saidTo } from '../../test/kit/said-to.ts';
import { sqlParsersFor } from '../settings/sql-parsers.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import type { Classification, Signal, SignalKind } from './classification.ts';
import type { Wishes } from './recommend.ts';
import { type RecommendedPolicy, recommendPolicy } from './recommend-policy.ts';

const parsers = await sqlParsersFor('sql_only');
const PLAIN: Wishes = { destructive: 'hide', roots: [], hosts: [] };

/** As the strict reader gives it. */
function bare(value: object): JsonObject {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind !== 'value') throw new Error('no JSON');
  return read.value as JsonObject;
}

type Signs = { readonly [parameter: string]: SignalKind };

function judged(
  name: string,
  riskClass: Classification['class'],
  properties: { readonly [name: string]: object } = {},
  more: {
    readonly signs?: Signs;
    readonly whole?: readonly SignalKind[];
    readonly required?: readonly string[];
    readonly description?: string;
  } = {},
): Parameters<typeof recommendPolicy>[1][number] {
  const { signs = {}, whole = [], required = [], description = '' } = more;
  const signals: Signal[] = [
    ...Object.entries(signs).map(([parameter, kind]) => ({ kind, parameter })),
    ...whole.map((kind) => ({ kind, parameter: undefined })),
  ];
  const classification: Classification = {
    class: riskClass,
    severity: 'medium',
    reason: 'It is so.',
    evidence: [],
    signals,
    by: 'classifier',
    version: '1',
  };
  const tool = bare({ name, description, inputSchema: { type: 'object', properties, required } });
  return { tool, classification, known: undefined };
}

const TEXT = { type: 'string' };
const NUMBER = { type: 'number' };

function recommended(
  tools: Parameters<typeof recommendPolicy>[1],
  wishes: Partial<Wishes> = {},
  server = 'shop',
): RecommendedPolicy {
  return recommendPolicy({ name: server, known: undefined }, tools, { ...PLAIN, ...wishes }, parsers);
}

test('a tool with more arguments than anybody judges is asked about, and takes no longer than another', () => {
  const properties = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`x${index}_id`, TEXT]));
  const made = recommended([judged('look', 'read', properties), judged('save', 'write', { text: TEXT })]);
  expect(saidTo(made, parsers)('look')).toBe('require_approval /tools/look/action');
  expect(made.tools[0]?.notes.join(' ')).toContain('3000 arguments');
});

describe('what a class calls for', () => {
  const tools = [
    judged('look', 'read'),
    judged('save', 'write', { text: TEXT }),
    judged('run', 'execute'),
    judged('drop', 'destructive'),
    judged('pay', 'financial'),
    judged('frobnicate', 'unknown'),
  ];

  test('reading passes, writing and running up to a ceiling, the rest is hidden or asks', () => {
    const made = recommended(tools);
    const say = saidTo(made, parsers);
    expect(say('look')).toBe('allow');
    expect(say('look', {}, 1000)).toBe('allow');
    expect([say('save', {}, 29), say('save', {}, 30)]).toEqual(['allow', 'deny /tools/save/limits/0']);
    expect([say('run', {}, 9), say('run', {}, 10)]).toEqual(['allow', 'deny /tools/run/limits/0']);
    expect(say('drop')).toBe('deny (hidden)');
    expect(say('pay')).toBe('require_approval /tools/pay/action');
    expect(say('frobnicate')).toBe('require_approval /tools/frobnicate/action');
    expect(say('added_later')).toBe('deny (unknown)');
    // All but reading is held against the tool's schema.
    expect(say('save', { text: 5 })).toBe('deny /tools/save/validate');
  });

  test('on request a person is asked about what is destructive', () => {
    expect(saidTo(recommended(tools, { destructive: 'approve' }), parsers)('drop')).toBe(
      'require_approval /tools/drop/action',
    );
  });

  test('where a person is asked, it is told who can answer, and only there', () => {
    const told = (made: { readonly notes: readonly string[] }): boolean => made.notes.join(' ').includes('"people"');
    expect(told(recommended(tools))).toBe(true);
    expect(told(recommended([judged('drop', 'destructive'), judged('look', 'read')]))).toBe(false);
    expect(told(recommended([judged('drop', 'destructive')], { destructive: 'approve' }))).toBe(true);
  });

  test('a server of which all would be hidden stays of some use', () => {
    const made = recommended([judged('drop', 'destructive'), judged('purge', 'destructive')]);
    expect(saidTo(made, parsers)('purge')).toBe('require_approval /tools/purge/action');
    expect(made.tools[0]?.notes[0]).toContain('would leave nothing');
  });

  test('what approves in the place of a person asks one, whatever else it does', () => {
    const made = recommended([judged('approve_call', 'write', {}, { whole: ['approves'] })]);
    expect(saidTo(made, parsers)('approve_call')).toBe('require_approval /tools/approve_call/action');
  });

  test('a tool that tells of tools is hidden with those that are hidden, and only then', () => {
    const lists = judged('list_tools', 'read', {}, { whole: ['lists-tools'] });
    expect(saidTo(recommended([lists, ...tools]), parsers)('list_tools')).toBe('deny (hidden)');
    expect(saidTo(recommended([lists, ...tools], { destructive: 'approve' }), parsers)('list_tools')).toBe('allow');
  });

  test('secrets are masked where some tool that can be called gives them', () => {
    const gives = judged('read_token', 'read', {}, { whole: ['credential-out'] });
    expect(recommended([gives]).policy['results']).toEqual({ redact: [{ secrets: true }] });
    expect(recommended([judged('look', 'read')]).policy['results']).toBeUndefined();
  });

  test('names that no entry can name stay refused, and it is told', () => {
    const made = recommended([
      judged('look', 'read'),
      judged('a*', 'read'),
      judged('same', 'read'),
      judged('same', 'write'),
    ]);
    expect(Object.keys(made.policy['tools'] as JsonObject)).toEqual(['look']);
    expect(made.tools.slice(1).map(({ notes }) => notes.length)).toEqual([1, 1, 1]);
    const odd = recommended([judged('__proto__', 'write'), judged('a/b~c', 'write')]);
    const say = saidTo(odd, parsers);
    expect([say('__proto__', {}, 30), say('a/b~c', {}, 30)]).toEqual([
      'deny /tools/__proto__/limits/0',
      'deny /tools/a~1b~0c/limits/0',
    ]);
  });
});

describe('what the signals of arguments call for', () => {
  function saying(
    properties: { readonly [name: string]: object },
    signs: Signs,
    more: {
      readonly class?: Classification['class'];
      readonly required?: readonly string[];
      readonly wishes?: Partial<Wishes>;
      readonly name?: string;
      readonly server?: string;
    } = {},
  ): (args: { readonly [name: string]: Json }) => string {
    const name = more.name ?? 'act';
    const tool = judged(name, more.class ?? 'read', properties, { signs, required: more.required ?? [] });
    const say = saidTo(recommended([tool], more.wishes, more.server), parsers);
    return (args) => say(name, args);
  }

  test('an id stays in its place in a path', () => {
    const say = saying({ task_id: TEXT }, { task_id: 'id-in-path' }, { required: ['task_id'] });
    for (const id of ['3f0c1a52-7d1e-4b7a-9c55-0a6f6d1e2b11', 'pi_3N', 'a.b', 'urn:x', '42']) {
      expect(say({ task_id: id })).toBe('allow');
    }
    for (const id of [
      '../credentials/prod_key',
      '..',
      '.',
      'a/b',
      'a?x',
      'a#x',
      'a%2f..',
      'a\\b',
      '',
      'a\nb',
      'a b',
      7,
      null,
    ]) {
      expect(say({ task_id: id })).toMatch(/^deny/);
    }
    expect(say({})).toMatch(/^deny/);
  });

  test('an id that is a number too, a list of them, and one that need not be there', () => {
    const either = saying({ id: { type: ['string', 'integer'] } }, { id: 'id-in-path' });
    expect([either({ id: 7 }), either({ id: '7' }), either({})]).toEqual(['allow', 'allow', 'allow']);
    expect(either({ id: '../7' })).toMatch(/^deny/);
    const list = saying({ run_ids: { type: 'array', items: TEXT } }, { run_ids: 'id-in-path' });
    expect([list({ run_ids: ['a', 'b'] }), list({ run_ids: [] }), list({})]).toEqual(['allow', 'allow', 'allow']);
    expect([list({ run_ids: ['a', '../b'] }), list({ run_ids: '../b' })].every((said) => said.startsWith('deny'))).toBe(
      true,
    );
  });

  test('ids as servers really write them', () => {
    const say = saying(
      { libraryId: TEXT, nodeId: TEXT, user_id: TEXT, entry_id: TEXT },
      { libraryId: 'id-in-path', nodeId: 'id-in-path', user_id: 'id-in-path', entry_id: 'id-in-path' },
    );
    for (const args of [
      { libraryId: '/vercel/next.js' },
      { nodeId: 'I5666:180910;1:10515' },
      { user_id: 'auth0|5f7c8ec' },
      { user_id: 'ann@example.com' },
      { entry_id: '*' },
    ]) {
      expect(say(args)).toBe('allow');
    }
    expect(say({ libraryId: '/vercel/../x' })).toMatch(/^deny/);
  });

  test('names of repositories and projects hold slashes, and lead nowhere else', () => {
    const repo = saying({ repo: TEXT }, { repo: 'id-in-path' });
    for (const name of ['owner/repo', 'owner/.github', 'repo']) expect(repo({ repo: name })).toBe('allow');
    for (const name of ['owner/../x', '..', 'a/./b', 'a?b']) expect(repo({ repo: name })).toMatch(/^deny/);
    const project = saying({ project_id: TEXT }, { project_id: 'id-in-path' });
    for (const name of ['42', 'group/sub/project', 'group%2Fproject'])
      expect(project({ project_id: name })).toBe('allow');
    for (const name of ['group%2F..%2Fother', 'a%2e', '../x']) expect(project({ project_id: name })).toMatch(/^deny/);
  });

  test('without a signal an id is only kept from climbing', () => {
    const say = saying({ node_id: TEXT }, {});
    for (const id of ['gid://shop/Order/1', 'MDEwOlJlcG9zaXRvcnkx==', 'a b', '/x'])
      expect(say({ node_id: id })).toBe('allow');
    for (const id of ['../x', 'a/../../b', 'x?y']) expect(say({ node_id: id })).toMatch(/^deny/);
  });

  test('a path stays within the roots that were named', () => {
    const say = saying({ path: TEXT }, { path: 'path' }, { wishes: { roots: ['/srv/data', '/srv/more'] } });
    for (const path of ['/srv/data/a.txt', '/srv/more', '/srv/data/%61']) expect(say({ path })).toBe('allow');
    for (const path of ['/srv/data/../x', '/etc/passwd', 'a.txt', '~/x', '/srv/data/%2e%2e/x'])
      expect(say({ path })).toMatch(/^deny/);
  });

  test('else within the folder in which the server runs, also where it is relative', () => {
    const say = saying({ path: TEXT }, { path: 'path' }, { wishes: { folder: '/home/ann/work' } });
    for (const path of ['/home/ann/work/a', 'src/a.ts', './src', '.', '.env', 'a/'])
      expect(say({ path })).toBe('allow');
    for (const path of ['/etc/passwd', '../a', 'a/../../b', '~/x', 'a/%2e%2e', '/home/ann'])
      expect(say({ path })).toMatch(/^deny/);
  });

  test('and where no folder is known it may not climb', () => {
    const say = saying({ path: TEXT }, { path: 'path' });
    for (const path of ['/srv/data/a.txt', 'C:\\data\\a.txt', 'README.md', '/', ''])
      expect(say({ path })).toBe('allow');
    for (const path of ['/srv/../etc', '..', 'a\\..\\b', '//host/share', '%2e%2e/a', 'a\u0000'])
      expect(say({ path })).toMatch(/^deny/);
  });

  test('both ends of what is moved', () => {
    const say = saying({ source: TEXT, destination: TEXT }, { destination: 'path' }, { wishes: { roots: ['/srv'] } });
    expect(say({ source: '/srv/a', destination: '/srv/b' })).toBe('allow');
    expect(say({ source: '/etc/passwd', destination: '/srv/b' })).toMatch(/^deny/);
  });

  test('a path in a repository is no path of this machine', () => {
    const say = saying({ repo: TEXT, path: TEXT }, { path: 'path' }, { wishes: { roots: ['/srv/data'] } });
    expect(say({ repo: 'a/b', path: 'src/index.ts' })).toBe('allow');
    expect(say({ repo: 'a/b', path: '../x' })).toMatch(/^deny/);
  });

  test('a URL leads to the hosts that were named', () => {
    const say = saying({ url: TEXT }, { url: 'url' }, { wishes: { hosts: ['example.com', '*.api.example.com'] } });
    for (const url of ['https://example.com/x', 'http://a.api.example.com']) expect(say({ url })).toBe('allow');
    for (const url of [
      'https://evil.example/',
      'https://example.com@evil.example/',
      'ftp://example.com/',
      'example.com',
      7,
    ]) {
      expect(say({ url })).toMatch(/^deny/);
    }
  });

  test('else anywhere but into private networks, however that is spelt', () => {
    const say = saying({ url: TEXT }, { url: 'url' });
    for (const url of ['https://example.com/a?b#c', 'http://203.0.113.7:8080/', 'https://10.example.com/'])
      expect(say({ url })).toBe('allow');
    for (const url of [
      'http://localhost:3000/',
      'http://127.0.0.1/',
      'http://127.1/',
      'http://2130706433/',
      'http://0x7f000001/',
      'http://10.0.0.5/',
      'http://172.16.0.1/',
      'http://172.31.255.255:80/x',
      'http://192.168.1.1/',
      'http://100.64.0.1/',
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
      'http://[::ffff:10.0.0.1]/',
      'http://[fd00::1]/',
      'http://metadata.google.internal/',
      'http://db:5432/',
      'http://router/',
      'http://x@10.0.0.1/',
      'http:\\\\10.0.0.1\\',
      'file:///etc/passwd',
      'gopher://example.com/',
      'javascript:alert(1)',
      'example.com',
      5,
    ]) {
      expect(say({ url }), String(url)).toMatch(/^deny/);
    }
    const list = saying({ urls: { type: 'array', items: TEXT } }, { urls: 'url' });
    expect(list({ urls: ['https://example.com/'] })).toBe('allow');
    expect(list({ urls: ['https://example.com/', 'http://10.0.0.1/'] })).toMatch(/^deny/);
  });

  test('what may be a URL or the name of a branch is looked at where it is a URL', () => {
    const say = saying({ target: TEXT }, { target: 'url' });
    for (const target of ['main', 'HEAD~1', 'registry.example/app:1.2', 'https://example.com/x', 's3://bucket/key']) {
      expect(say({ target })).toBe('allow');
    }
    for (const target of [
      'http://10.0.0.1/',
      'http:\\\\10.0.0.1',
      'file:///etc/passwd',
      'http://localhost',
      'https:/router',
      5,
    ]) {
      expect(say({ target }), String(target)).toMatch(/^deny/);
    }
    const listed = saying({ target: TEXT }, { target: 'url' }, { wishes: { hosts: ['example.com'] } });
    expect([listed({ target: 'main' }), listed({ target: 'https://example.com/' })]).toEqual(['allow', 'allow']);
    expect(listed({ target: 'https://evil.example/' })).toMatch(/^deny/);
  });

  test('a host by itself, too', () => {
    const say = saying({ host: TEXT }, { host: 'url' });
    for (const host of ['example.com', 'db.example.com', '203.0.113.7']) expect(say({ host })).toBe('allow');
    for (const host of ['localhost', '127.0.0.1', '10.1.2.3', '0x7f.1', '::1', '2130706433', ''])
      expect(say({ host })).toMatch(/^deny/);
    expect(
      saying({ host: TEXT }, { host: 'url' }, { wishes: { hosts: ['example.com'] } })({ host: 'other.example' }),
    ).toMatch(/^deny/);
  });

  test('a tool that is there to query PostgreSQL only queries it, and another asks', () => {
    const sql = { sql: TEXT };
    const drop = { sql: 'drop table users' };
    const reads = saying(sql, { sql: 'sql' }, { server: 'postgres', required: ['sql'] });
    expect([reads({ sql: 'select 1' }), reads(drop)]).toEqual(['allow', 'deny /tools/act/require/0']);
    const runs = saying(sql, { sql: 'sql' }, { server: 'postgres', class: 'execute', required: ['sql'] });
    expect([runs({ sql: 'select 1' }), runs(drop)]).toEqual(['allow', 'require_approval /tools/act/approve_if/0']);
    const other = recommended([judged('act', 'execute', sql, { signs: { sql: 'sql' } })], {}, 'mysql');
    expect(other.tools[0]?.notes.join(' ')).toContain('there is no parser');
  });

  test('an amount is a number above nothing and below a bound', () => {
    const say = saying({ amount: NUMBER }, { amount: 'amount' }, { class: 'financial', required: ['amount'] });
    expect([say({ amount: 1 }), say({ amount: 10_000 })]).toEqual(Array(2).fill('require_approval /tools/act/action'));
    for (const amount of [0, -5, 10_001, '5', null]) expect(say({ amount })).toMatch(/^deny/);
    const small = saying({ amount: { ...NUMBER, maximum: 50 } }, { amount: 'amount' }, { class: 'financial' });
    expect([small({}), small({ amount: 51 })]).toEqual([
      'require_approval /tools/act/action',
      'deny /tools/act/require/0',
    ]);
  });

  test('what acts on more without an argument wants it', () => {
    const say = saying({ name: TEXT }, { name: 'widens-when-absent' }, { class: 'write' });
    expect([say({ name: 'a' }), say({}), say({ name: null })]).toEqual([
      'allow',
      'deny /tools/act/require/0',
      'deny /tools/act/require/0',
    ]);
  });

  test('what no rule can be made of is left to the reader, in words', () => {
    const made = recommended([
      judged('send', 'write', { to: TEXT, code: TEXT }, { signs: { to: 'recipient', code: 'code' }, whole: ['bulk'] }),
    ]);
    expect(made.tools[0]?.notes.join('\n')).toMatch(
      /says who gets something[\s\S]*no rule reads code|no rule reads code[\s\S]*says who gets/,
    );
    expect(made.tools[0]?.notes.join('\n')).toContain('acts on many things');
  });
});

describe('schemas of strangers', () => {
  test('one that cannot be compiled is not held against calls', () => {
    const odd = judged('save', 'write', { a: { $ref: 'https://elsewhere.example/x' } });
    const made = recommended([odd]);
    expect(saidTo(made, parsers)('save', { a: 1 })).toBe('allow');
    expect(made.tools[0]?.notes.join(' ')).toContain('not held against its schema');
  });

  test('every call that is written down came out as it says, and what could not be made up is told', () => {
    const impossible = judged('save', 'write', { a: { type: 'string', pattern: '^x{301}$' } }, { required: ['a'] });
    const made = recommended([impossible]);
    expect(made.trials.map(({ want }) => want.effect)).not.toContain('allow');
    expect(made.tools[0]?.notes.join(' ')).toMatch(/No call could be made up from its schema/);
  });
});
