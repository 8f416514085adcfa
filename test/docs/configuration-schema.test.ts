import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { loadSettings } from '../../src/settings/load.ts';
import { problemLine } from '../../src/settings/problem.ts';
import { ROOT, validatorOf } from './schemas.ts';

const isConfiguration = validatorOf('configuration');
const folder = mkdtempSync(join(tmpdir(), 'toolgate-schema-'));
const env = {
  TOKEN: 't'.repeat(20),
  UPSTREAM_TOKEN: 'u',
  ALICE_TOKEN: 'a'.repeat(20),
  BOB_TOKEN: 'b'.repeat(20),
  CLASS: 'read',
  EVENT: 'approval.used',
  NOTICE_SECRET: 'n'.repeat(20),
  CHAT_HOOK: 'https://hooks.chat.example.com/services/T0/B0/x',
  PAGES: 'https://gateway.example.com',
  TIMEOUT: '15m',
};
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function problemsOf(configuration: unknown): Promise<readonly string[]> {
  const file = join(folder, 'toolgate.json');
  writeFileSync(file, JSON.stringify(configuration));
  const loaded = await loadSettings(file, env);
  return loaded.kind === 'problems' ? loaded.problems.map(problemLine) : [];
}

function underlined(configuration: unknown): readonly string[] {
  isConfiguration(configuration);
  return (isConfiguration.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const PASSPHRASE = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;

const whole = {
  servers: {
    local: {
      command: ['npx', '-y', 'some-server'],
      env: { A: `\${TOKEN}` },
      cwd: '.',
      classes: { run: 'execute', see: `\${CLASS}` },
      timeout: 2.5,
      pins: 'warn',
    },
    remote: { url: 'HTTPS://mcp.example.com/mcp', headers: { Authorization: `Bearer \${UPSTREAM_TOKEN}` }, idle: 60 },
  },
  policies: { careful: { version: '1', default: 'deny', tools: { run: { rate_limit: { max: 1, window: 'hour' } } } } },
  baseline: 'careful',
  grants: {
    laptop: {
      owner: 'alice',
      labels: { env: 'dev' },
      servers: { local: 'careful' },
      token: `\${ALICE_TOKEN}`,
      expires: '2099-01-01',
    },
    ci: { owner: 'build', expires: '2099-01-01T08:00:00+02:00' },
  },
  people: {
    bob: { roles: ['approver', 'editor'], token: `\${BOB_TOKEN}` },
    carol: { roles: ['admin'], passphrase: PASSPHRASE },
  },
  approvals: { url: `\${PAGES}/gate`, timeout: `\${TIMEOUT}`, hold: 0, open: 1, open_per_tool: 10_000 },
  notices: {
    ops: { url: 'http://127.0.0.1:9000/?key=1', secret: `\${NOTICE_SECRET}`, events: ['policy.changed', `\${EVENT}`] },
    chat: { url: `\${CHAT_HOOK}`, form: 'slack' },
    plain: { url: `\${CHAT_HOOK}`, form: 'json', secret: `whsec_${'A'.repeat(32)}` },
  },
  audit: {
    arguments: 'redacted',
    sync: 'before-send',
    export: {
      otel: {
        to: 'otlp',
        url: 'https://collector:4318/v1/logs',
        headers: { Authorization: 'Bearer x' },
        service: 'gate',
      },
      siem: { to: 'http', url: `\${CHAT_HOOK}`, from: 'now' },
      disk: { to: 'file', file: 'audit.jsonl', from: 'start' },
    },
  },
  limits: { message: '512KiB', line: 1_048_576, depth: 64, replay_events: 0, drain: 2.5 },
  hosts: ['gateway.example.com', '[::1]'],
  origins: ['https://console.example.com'],
};

describe('a configuration that loads satisfies its schema', () => {
  it('the whole of it', async () => {
    expect(await problemsOf(whole)).toEqual([]);
    expect(underlined(whole)).toEqual([]);
  });

  it('the one of the examples', () => {
    expect(underlined(jsonc(readFileSync(join(ROOT, 'examples/toolgate.jsonc'), 'utf8')))).toEqual([]);
  });

  it('the one of the reference', () => {
    const page = readFileSync(join(ROOT, 'docs/reference/configuration.md'), 'utf8');
    const block = /^```jsonc\n([\s\S]*?)^```/m.exec(page)?.[1] ?? '';
    expect(underlined(jsonc(block))).toEqual([]);
  });
});

const server = { url: 'http://127.0.0.1/' };

describe('what does not load is underlined', () => {
  test.each<[string, object]>([
    ['no servers', {}],
    ['a server of no kind', { servers: { s: {} } }],
    ['a server of both kinds', { servers: { s: { ...server, command: ['x'] } } }],
    ['headers for a command', { servers: { s: { command: ['x'], headers: {} } } }],
    ['variables for a URL', { servers: { s: { ...server, env: {} } } }],
    ['a command that is one text', { servers: { s: { command: 'npx some-server' } } }],
    ['a command of no words', { servers: { s: { command: [] } } }],
    ['another scheme', { servers: { s: { url: 'ftp://x' } } }],
    ['a name that no URL could carry', { servers: { 'a/b': server } }],
    ['a class that is none', { servers: { s: { ...server, classes: { t: 'exec' } } } }],
    ['pins that do something unheard of', { servers: { s: { ...server, pins: 'maybe' } } }],
    ['a time without measure', { servers: { s: { ...server, timeout: 0 } } }],
    ['a time in words', { servers: { s: { ...server, idle: '5m' } } }],
    ['no name of a header', { servers: { s: { ...server, headers: { 'a b': 'x' } } } }],
    ['no name of a variable', { servers: { s: { command: ['x'], env: { 'A=B': 'x' } } } }],
    ['a policy that is a number', { servers: {}, policies: { p: 5 } }],
    ['a policy with a misspelt key', { servers: {}, policies: { p: { version: '1', default: 'deny', tols: {} } } }],
    [
      'a policy that compares with the wrong type',
      {
        servers: {},
        policies: {
          p: {
            version: '1',
            default: 'deny',
            all_tools: { deny_if: [{ conditions: [{ path: 'args.n', op: 'lt', value: '5' }] }] },
          },
        },
      },
    ],
    ['a grant of nobody', { servers: {}, grants: { g: {} } }],
    ['a grant without a name', { servers: {}, grants: { '': { owner: 'o' } } }],
    ['a short token', { servers: {}, grants: { g: { owner: 'o', token: 'short' } } }],
    ['an expiry that is no time', { servers: {}, grants: { g: { owner: 'o', expires: 'tomorrow' } } }],
    ['a person without a role', { servers: {}, people: { p: {} } }],
    ['an unknown role', { servers: {}, people: { p: { roles: ['aprover'] } } }],
    ['a role twice', { servers: {}, people: { p: { roles: ['admin', 'admin'] } } }],
    ['a passphrase in the open', { servers: {}, people: { p: { roles: ['admin'], passphrase: 'correct horse' } } }],
    ['a hash cut short', { servers: {}, people: { p: { roles: ['admin'], passphrase: PASSPHRASE.slice(0, -1) } } }],
    ['a page of no scheme', { servers: {}, approvals: { url: 'gateway.example.com' } }],
    ['a page with a query', { servers: {}, approvals: { url: 'https://gateway.example.com/?a' } }],
    ['a question for a second', { servers: {}, approvals: { timeout: 'second' } }],
    ['a question for nine seconds', { servers: {}, approvals: { timeout: 9 } }],
    ['a question in other words', { servers: {}, approvals: { timeout: 'soon' } }],
    ['a call held for half a second', { servers: {}, approvals: { hold: 0.5 } }],
    ['a call held for a day', { servers: {}, approvals: { hold: 86_400 } }],
    ['no questions at all', { servers: {}, approvals: { open: 0 } }],
    ['a hook of no address', { servers: {}, notices: { n: { form: 'slack' } } }],
    ['a hook of another scheme', { servers: {}, notices: { n: { form: 'slack', url: 'mailto:me@example.com' } } }],
    ['a hook that nobody signs', { servers: {}, notices: { n: { url: 'https://x/' } } }],
    [
      'a hook that says so, and that nobody signs',
      { servers: {}, notices: { n: { url: 'https://x/', form: 'json' } } },
    ],
    ['a short secret', { servers: {}, notices: { n: { url: 'https://x/', secret: 'short' } } }],
    ['an unknown form', { servers: {}, notices: { n: { url: 'https://x/', form: 'teams' } } }],
    ['an unknown event', { servers: {}, notices: { n: { url: 'https://x/', form: 'slack', events: ['asked'] } } }],
    ['no event', { servers: {}, notices: { n: { url: 'https://x/', form: 'slack', events: [] } } }],
    ['an export to nowhere', { servers: {}, audit: { export: { a: {} } } }],
    ['an export to an unknown place', { servers: {}, audit: { export: { a: { to: 'kafka', url: 'https://x/' } } } }],
    ['an export without an address', { servers: {}, audit: { export: { a: { to: 'otlp' } } } }],
    ['an export to a file without one', { servers: {}, audit: { export: { a: { to: 'file' } } } }],
    [
      'an export to a file with an address',
      { servers: {}, audit: { export: { a: { to: 'file', file: 'x', url: 'https://x/' } } } },
    ],
    [
      'an export by HTTP with a file',
      { servers: {}, audit: { export: { a: { to: 'http', url: 'https://x/', file: 'x' } } } },
    ],
    [
      'a service without OTLP',
      { servers: {}, audit: { export: { a: { to: 'http', url: 'https://x/', service: 'x' } } } },
    ],
    ['an unknown way to sync', { servers: {}, audit: { sync: 'never' } }],
    ['a limit beyond its bounds', { servers: {}, limits: { depth: 5000 } }],
    ['a limit that is half', { servers: {}, limits: { calls: 1.5 } }],
    ['a size in another unit', { servers: {}, limits: { message: '4MB' } }],
    ['a size beyond its bounds', { servers: {}, limits: { message: 12 } }],
    ['a time with its unit', { servers: {}, limits: { drain: '10s' } }],
    ['a host with a port', { servers: {}, hosts: ['x:80'] }],
    ['an origin with a path', { servers: {}, origins: ['https://x/'] }],
  ])('%s', async (_, configuration) => {
    expect(await problemsOf(configuration)).not.toEqual([]);
    expect(underlined(configuration)).not.toEqual([]);
  });

  it('a key with one letter too many, wherever it stands', async () => {
    for (const [path, configuration] of misspelt(whole, [])) {
      expect(underlined(configuration), path).not.toEqual([]);
      expect(await problemsOf(configuration), path).toContainEqual(expect.stringContaining('unknown key'));
    }
  });
});

function jsonc(text: string): unknown {
  return parse(text.replace(/^\s*\/\/.*$/gm, ''));
}

const NAMES = new Set([
  'servers',
  'policies',
  'grants',
  'people',
  'env',
  'headers',
  'classes',
  'labels',
  'tools',
  'notices',
  'export',
]);

/** The configuration with one of its keys misspelt, once for each key that is not a name of the author's. */
function misspelt(value: unknown, path: readonly string[]): readonly (readonly [string, object])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const isTable = NAMES.has(path.at(-1) ?? '');
  return Object.entries(value).flatMap(([key, member]) => {
    const { [key]: _, ...others } = value as { readonly [key: string]: unknown };
    const place = [...path, key];
    const inner = misspelt(member, place).map(([at, changed]) => [at, { ...value, [key]: changed }] as const);
    return isTable ? inner : [[place.join('/'), { ...others, [`${key}x`]: member }] as const, ...inner];
  });
}
