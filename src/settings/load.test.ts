import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { loadSettings } from './load.ts';
import { sha256 } from './named-policy.ts';
import { problemLine } from './problem.ts';
import type { Settings } from './settings.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-settings-'));
const file = join(folder, 'toolgate.jsonc');
const ALICE = 'alice-token-0123456789';
const BOB = 'bob-token-0123456789';
const env = { UPSTREAM_TOKEN: 'upstream-secret', ALICE_TOKEN: ALICE, BOB_TOKEN: BOB, SHORT: 'short-secret' };

const server = { command: ['node', 'server.js'] };

async function load(configuration: unknown) {
  await writeFile(
    file,
    typeof configuration === 'string' ? configuration : JSON.stringify(configuration, undefined, 1),
  );
  return loadSettings(file, env);
}

async function settingsOf(configuration: unknown): Promise<Settings> {
  const loaded = await load(configuration);
  if (loaded.kind === 'problems') throw new Error(loaded.problems.map(problemLine).join('\n'));
  return loaded.settings;
}

/** `POINTER MESSAGE` of each problem. */
async function problemsOf(configuration: unknown): Promise<readonly string[]> {
  const loaded = await load(configuration);
  if (loaded.kind === 'settings') return [];
  return loaded.problems.map(({ pointer, message }) => `${pointer} ${message}`);
}

describe('a whole configuration', () => {
  const text = `{
    // what is guarded
    "servers":  { "everything": { "command": ["npx", "-y", "server-everything", "stdio"], "env": {"KEY": "\${UPSTREAM_TOKEN}"}, "cwd": "work", "classes": {"run": "execute"}, "timeout": 2.5 },
                  "remote":     { "url": "http://127.0.0.1:3911/mcp", "headers": { "Authorization": "Bearer \${UPSTREAM_TOKEN}" }, "idle": 60 } },
    "policies": { "careful": { "version": "1", "default": "deny", "description": "not \${READ}", "tools": {} }, "mitm": "policies/mitm.json", "house-rules": "policies/house.yaml" },
    "baseline": "house-rules",
    "grants":   { "alice-laptop": { "owner": "alice", "labels": { "env": "dev" }, "servers": { "everything": "careful", "remote": "mitm" }, "token": "\${ALICE_TOKEN}", "expires": "2027-01-01" },
                  "ci": { "owner": "build" } },
    "people":   { "bob": { "roles": ["approver", "editor"], "token": "\${BOB_TOKEN}" } },
    "audit":    { "arguments": "keys", "sync": "before-send", "checkpoint": { "seconds": 5 }, "export": { "disk": { "to": "file", "file": "audit.jsonl" } } },
    "hosts":    ["Gate.Example.com"],
    "origins":  ["https://console.example.com"]
  }`;

  test('is read with its files, and every part is where it belongs', async () => {
    await mkdir(join(folder, 'policies'), { recursive: true });
    await writeFile(join(folder, 'policies/mitm.json'), '{"version":"1","default":"deny","tools":{"replay_flow":{}}}');
    await writeFile(join(folder, 'policies/house.yaml'), 'version: "1"\ndefault: allow\nhide: [rm_*]\n');
    const settings = await settingsOf(text);

    expect(settings.servers.get('everything')).toMatchObject({
      kind: 'command',
      command: ['npx', '-y', 'server-everything', 'stdio'],
      cwd: join(folder, 'work'),
      classes: new Map([['run', 'execute']]),
      timeoutMs: 2500,
      idleMs: 1_800_000,
    });
    const remote = settings.servers.get('remote');
    expect(remote).toMatchObject({ kind: 'url', url: 'http://127.0.0.1:3911/mcp', timeoutMs: 300_000, idleMs: 60_000 });
    expect(remote?.kind === 'url' && remote.headers.get('Authorization')?.reveal()).toBe('Bearer upstream-secret');

    const alice = settings.grants.get('alice-laptop');
    expect(alice).toMatchObject({ owner: 'alice', tokenHash: sha256(ALICE), expiresAt: Date.UTC(2027, 0, 1) });
    expect({ ...alice?.labels }).toEqual({ env: 'dev' });
    expect(alice?.policies.get('everything')?.policy.description).toBe(`not \${READ}`);
    expect(alice?.policies.get('remote')).toMatchObject({
      name: 'mitm',
      digest: sha256('{"default":"deny","tools":{"replay_flow":{}},"version":"1"}'),
    });
    expect(settings.grants.get('ci')).toMatchObject({
      tokenHash: undefined,
      expiresAt: undefined,
      policies: new Map(),
    });
    expect(settings.baseline).toMatchObject({ name: 'house-rules', policy: { document: 'baseline' } });
    expect(settings.people.get('bob')).toMatchObject({
      roles: new Set(['approver', 'editor']),
      tokenHash: sha256(BOB),
    });
    expect(settings.audit).toEqual({
      arguments: 'keys',
      values: { key: undefined, earlier: [] },
      sync: 'before-send',
      checkpoints: { records: 1000, ms: 5000 },
      exports: new Map([['disk', { name: 'disk', from: 'start', to: 'file', file: join(folder, 'audit.jsonl') }]]),
    });
    expect(settings.hosts).toEqual(['gate.example.com']);
    expect(settings.files.map(({ path }) => path)).toEqual([
      file,
      join(folder, 'policies/mitm.json'),
      join(folder, 'policies/house.yaml'),
    ]);
  });

  test('shows no secret when printed', async () => {
    const settings = await settingsOf(text);
    const shown = inspect(settings, { depth: null, showHidden: true });
    for (const secret of ['upstream-secret', ALICE, BOB]) expect(shown).not.toContain(secret);
  });

  test('reads the same from YAML', async () => {
    const yaml = join(folder, 'same.yaml');
    await writeFile(
      yaml,
      'servers:\n  s: {command: [node, x]}\npolicies:\n  p: {version: "1", default: deny}\ngrants:\n  g: {owner: o, servers: {s: p}}\n',
    );
    const loaded = await loadSettings(yaml, {});
    expect(loaded.kind === 'settings' && loaded.settings.grants.get('g')?.policies.get('s')?.name).toBe('p');
  });
});

describe('problems', () => {
  test('are told all at once, each with line and column, in the order of the text', async () => {
    const loaded = await load(`{
  "servrs": {},
  "servers": { "a": { "command": [] }, "b": { "url": "ftp://x", "headrs": {} } },
  "policies": { "p": { "version": "1", "default": "deny", "tools": { "x": { "limts": [] } } }, "q": "none.json" },
  "grants": { "g": { "servers": { "c": "r" }, "token": "short" } }
}`);
    const lines = loaded.kind === 'problems' ? loaded.problems.map(problemLine) : [];
    expect(lines.map((line) => line.replaceAll(`${folder}/`, ''))).toEqual([
      'toolgate.jsonc:2:3 /servrs unknown key "servrs" — did you mean "servers"?',
      'toolgate.jsonc:3:23 /servers/a/command must name a program and its arguments, such as ["npx", "-y", "some-server"]',
      'toolgate.jsonc:3:47 /servers/b/url must be an absolute http or https URL',
      'toolgate.jsonc:3:65 /servers/b/headrs unknown key "headrs" — did you mean "headers"?',
      expect.stringMatching(/^toolgate\.jsonc:4:77 \/policies\/p\/tools\/x\/limts .*did you mean "limits"/),
      'toolgate.jsonc:4:96 /policies/q none.json: cannot be read: no such file',
      'toolgate.jsonc:5:15 /grants/g "owner" is missing: who answers for this grant?',
      'toolgate.jsonc:5:35 /grants/g/servers/c "c" names nothing under "servers" — did you mean "a"?',
      'toolgate.jsonc:5:35 /grants/g/servers/c there is no policy "r" under "policies" — did you mean "p"?',
      'toolgate.jsonc:5:47 /grants/g/token a token has 20 to 4096 characters; make one with "openssl rand -hex 32"',
    ]);
  });

  test('of a policy file name that file, once, however many names it has', async () => {
    await writeFile(join(folder, 'broken.yaml'), 'version: "1"\ndefault: deny\ntols: {}\n');
    const loaded = await load({ servers: {}, policies: { a: 'broken.yaml', b: './broken.yaml' }, baseline: 'a' });
    const lines = loaded.kind === 'problems' ? loaded.problems.map(problemLine) : [];
    expect(lines).toEqual([expect.stringMatching(/broken\.yaml:3:1 \/tols unknown key "tols".*"tools"/)]);
  });

  test('leave the files known, so that mending any of them is noticed', async () => {
    const loaded = await load({ servers: {}, policies: { p: 'not-yet.json' } });
    expect(loaded.kind).toBe('problems');
    const paths = loaded.kind === 'problems' ? loaded.files.map(({ path }) => path) : [];
    expect(paths).toEqual([file, join(folder, 'not-yet.json')]);
  });

  test.each([
    ['no configuration at all', '[]', [' must be an object']],
    ['no servers', {}, [' "servers" is missing: a gateway needs at least one server to guard']],
    [
      'both kinds of server in one',
      { servers: { s: { ...server, url: 'http://x/' } } },
      ['/servers/s a server has exactly one of "command" and "url"'],
    ],
    [
      'headers for a command',
      { servers: { s: { ...server, headers: {} } } },
      ['/servers/s/headers "headers" goes only with "url"'],
    ],
    [
      'a name that no URL could carry',
      { servers: { 'a/b': server } },
      [expect.stringContaining("/servers/a~1b a server's name")],
    ],
    [
      'a password in a URL',
      { servers: { s: { url: `https://u:\${SHORT}@x/` } } },
      ['/servers/s/url must not hold a user name or password; put them into "headers"'],
    ],
    [
      'headers of the transport, twice, or not sendable',
      { servers: { s: { url: 'http://x/', headers: { Host: 'y', 'X-A': '1', 'x-a': '2', 'X-B': 'a\r\nb' } } } },
      [
        '/servers/s/headers/Host "Host" is a header that the gateway sets itself; leave it out',
        '/servers/s/headers/x-a "x-a" stands twice: case makes no difference in the name of a header',
        '/servers/s/headers/X-B holds a character that no header can carry (only ASCII is sent)',
      ],
    ],
    [
      'a class that is none',
      { servers: { s: { ...server, classes: { t: 'exec' } } } },
      [expect.stringMatching(/\/classes\/t must be one of .*"exec"/)],
    ],
    [
      'a time without measure',
      { servers: { s: { ...server, timeout: 0, idle: '5m' } } },
      [
        '/servers/s/timeout must be a number of seconds, more than 0 and at most 86400',
        '/servers/s/idle must be a number of seconds, more than 0 and at most 86400',
      ],
    ],
    [
      'a missing variable',
      { servers: { s: { command: ['x', `\${NOWHERE}`] } } },
      ['/servers/s/command/1 the environment variable NOWHERE is not set'],
    ],
    [
      'a baseline that is none',
      { servers: {}, baseline: 'hose' },
      ['/baseline there is no policy "hose" under "policies"'],
    ],
    [
      'a policy that is neither text nor path',
      { servers: {}, policies: { p: 5 } },
      ['/policies/p must be a policy, or the path of a file that holds one'],
    ],
    [
      'an expiry that is no time',
      { servers: {}, grants: { g: { owner: 'o', expires: '2027-02-30' } } },
      [
        '/grants/g/expires must be a day (2027-01-01, which means 00:00 UTC) or a time with zone (2027-01-01T08:00:00Z)',
      ],
    ],
    [
      'a person without a role',
      { servers: {}, people: { p: {} } },
      ['/people/p "roles" must name at least one of viewer, approver, editor, admin'],
    ],
    [
      'an unknown role',
      { servers: {}, people: { p: { roles: ['aprover'] } } },
      [expect.stringContaining('did you mean "approver"?')],
    ],
    [
      'a host with a port',
      { servers: {}, hosts: ['x:80'] },
      [expect.stringContaining('/hosts/0 must be the name of a host')],
    ],
    [
      'an origin with a path',
      { servers: {}, origins: ['https://x/'] },
      [expect.stringContaining('/origins/0 must be an origin')],
    ],
    [
      'an unknown way to sign',
      { servers: {}, audit: { checkpoint: { records: 0, second: 1 } } },
      [
        expect.stringContaining('/audit/checkpoint/records must be a whole number from 1 to 1000000, not 0'),
        expect.stringContaining('/audit/checkpoint/second unknown key "second"'),
      ],
    ],
    [
      'an unknown way to sync',
      { servers: {}, audit: { sync: 'never' } },
      [expect.stringContaining('/audit/sync must be one of interval')],
    ],
    [
      'a grant nobody can see',
      { servers: {}, grants: { '\u200b': { owner: 'o' } } },
      [expect.stringContaining('all of them visible')],
    ],
    [
      'null where there should be something',
      { servers: null, grants: null },
      ['/servers must be an object', '/grants must be an object'],
    ],
  ])('%s', async (_, configuration, expected) => {
    expect(await problemsOf(configuration)).toEqual(expected);
  });

  test('two identities with one token are refused, and the token is not repeated', async () => {
    const problems = await problemsOf({
      servers: {},
      grants: { a: { owner: 'o', token: `\${ALICE_TOKEN}` }, b: { owner: 'o', token: ALICE } },
      people: { c: { roles: ['admin'], token: ALICE } },
    });
    expect(problems).toEqual([
      '/grants/b/token the same token as /grants/a/token; every identity needs its own',
      '/people/c/token the same token as /grants/a/token; every identity needs its own',
    ]);
  });

  test('never repeat what came from the environment, whatever place it was put into by mistake', async () => {
    const problems = await problemsOf({
      servers: { s: { url: `\${SHORT}`, headers: { A: `\${SHORT}\n` }, classes: { t: `\${SHORT}` } } },
      grants: { g: { owner: '', servers: { s: `\${SHORT}` }, expires: `\${SHORT}`, token: `\${SHORT}` } },
      people: { p: { roles: [`\${SHORT}`] } },
      baseline: `\${SHORT}`,
      hosts: [`\${SHORT}/`],
      audit: { arguments: `\${SHORT}` },
    });
    expect(problems.length).toBe(11);
    expect(problems.join('\n')).not.toContain('short-secret');
  });
});

describe('what the log keeps of arguments on a server', () => {
  const withAudit = (audit: unknown) => ({ servers: { s: { ...server, audit } } });

  test('is one word for all of it, or words by the names of tools', async () => {
    const privacy = async (audit: unknown) => (await settingsOf(withAudit(audit))).servers.get('s')?.privacy;
    expect(await privacy('keys')).toEqual(new Map([['*', 'keys']]));
    expect(await privacy({ '*': 'full', login: 'keys' })).toEqual(
      new Map([
        ['*', 'full'],
        ['login', 'keys'],
      ]),
    );
  });

  test('a slip is told, and keeps nothing in force that was not meant', async () => {
    expect(await problemsOf(withAudit({ arguments: 'full' }))).toEqual([
      '/servers/s/audit/arguments names a tool; for all tools write the word itself, or "*"',
    ]);
    expect(await problemsOf(withAudit({ login: 'key' }))).toEqual([
      '/servers/s/audit/login must be one of redacted, full, keys, not "key" — did you mean "keys"?',
    ]);
    expect(await problemsOf({ servers: {}, audit: { values: { key: 'short', file: 'x' } } })).toEqual([
      '/audit/values has both "key" and "file"; one of them says it all',
    ]);
    expect(await problemsOf({ servers: {}, audit: { values: { earlier: [{}] } } })).toEqual([
      '/audit/values/earlier/0 must have "key" or "file"',
    ]);
  });
});
