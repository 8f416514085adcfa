import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, desk, type Ran } from '../../test/kit/command-line.ts';
import { loadSettings } from '../settings/load.ts';
import type { Json } from '../wire/json.ts';
import type { LookedConfiguration, LookedFile, Surroundings } from './doctor-surroundings.ts';

const TOKEN = 'a-token-of-twenty-characters';
const HASH = `scrypt:131072:8:1:${'A'.repeat(22)}:${'A'.repeat(43)}`;
const ASKS = { version: '1', default: 'deny', tools: { write: { action: 'require_approval' } } };
const BASE = {
  servers: { files: { url: 'https://mcp.example.com/mcp', headers: { Authorization: `Bearer \${KEY}` } } },
  policies: { careful: ASKS },
  grants: { laptop: { owner: 'alice', servers: { files: 'careful' }, token: `\${LAPTOP}` } },
};
let table: Desk;

beforeEach(async () => {
  table = await desk();
});
afterEach(() => rm(table.folder, { recursive: true, force: true }));

async function configured(configuration: object): Promise<LookedConfiguration> {
  const file = join(table.folder, await table.file('toolgate.json', configuration));
  const env = { KEY: 'k', LAPTOP: `${TOKEN}-laptop`, ALICE: `${TOKEN}-alice` };
  const loaded = await loadSettings(file, env);
  if (loaded.kind === 'problems') return { kind: 'problems', file: '/etc/toolgate.json', problems: loaded.problems };
  const document = JSON.parse(JSON.stringify(configuration)) as Json;
  return { kind: 'settings', file: '/etc/toolgate.json', settings: loaded.settings, document, unset: [] };
}

const FOLDER: LookedFile = { path: '/var/toolgate', role: 'data folder', mode: 0o700, uid: 1000, isWritable: true };
const CONFIG: LookedFile = {
  path: '/etc/toolgate.json',
  role: 'configuration',
  mode: 0o600,
  uid: 1000,
  isWritable: false,
};

async function doctor(more: Partial<Surroundings>, configuration: object = BASE): Promise<Ran> {
  const surroundings: Surroundings = {
    node: 'v24.1.0',
    account: { name: 'gate', uid: 1000 },
    data: '/var/toolgate',
    configuration: await configured(configuration),
    files: [FOLDER, CONFIG],
    store: { kind: 'open', records: 12_345, bytes: 4e6, isAll: true, breaks: [], made: new Set(), exports: [] },
    freeBytes: 5e10,
    ...more,
  };
  return table.toolgate(['doctor', '--config', '/etc/toolgate.json', '--data', '/var/toolgate'], {
    lookAround: async () => surroundings,
  });
}

function people(people: object, more: object = {}): object {
  return { ...BASE, people, ...more };
}

const HOOK = {
  url: 'https://hooks.example.com/x',
  secret: 's'.repeat(32),
  events: ['approval.asked', 'policy.changed'],
};
const GOOD = people(
  { alice: { roles: ['approver'], passphrase: HASH } },
  { approvals: { url: 'https://gw.example.com' }, notices: { ops: HOOK } },
);

describe('doctor', () => {
  test('an installation as it should be has nothing but what no gateway can prevent', async () => {
    const { code, out, err } = await doctor({}, GOOD);
    expect([code, err]).toEqual([0, '']);
    expect(out.split('\n')).toEqual([
      'ok       The configuration /etc/toolgate.json loads.',
      'ok       alice (approver) answers with a passphrase; /etc/toolgate.json holds no more than its hash.',
      'ok       What the policy careful asks can be answered by alice; one is enough.',
      'ok       The data folder /var/toolgate is private.',
      'ok       This account (gate) cannot write the configuration and the policies.',
      'ok       Node v24.1.0 is new enough.',
      'ok       The store opens, and this version knows its schema.',
      'ok       The chain of the log is whole: 12,345 records.',
      'ok       47,683 MiB are free where the data folder is.',
      '',
      '0 problems, 0 warnings, 0 notes.',
      '',
      'What no gateway on this account can prevent: whoever has a shell on it, an agent too, can',
      '  - read what this account can read: the configuration and the secrets in it, the environment of the gateway, tokens in the configurations of clients',
      '  - edit the policies and the configuration, and stop the gateway or put another program in its place',
      '  - start the commands of servers, or call their URLs with credentials from the configuration, without the gateway',
      '  - write into the data folder, where a forged approval looks like a real one',
      '  - watch what a person types at a terminal of this account, a passphrase too',
      'Run agents on an account of their own or in a container, or the gateway on another host, and let them have nothing of it but its address and the token of their grant.',
      '',
    ]);
  });

  test('who gets the log is told of: that all is handed over, that some waits, and what it fails with', async () => {
    const since = Date.UTC(2026, 10, 21, 12);
    const exports = [
      { name: 'disk', to: 'file', behind: 0, oldest: undefined, problem: undefined },
      { name: 'otel', to: 'otlp', behind: 3, oldest: since, problem: undefined },
      { name: 'siem', to: 'http', behind: 70, oldest: since, problem: { why: 'ECONNREFUSED', since } },
      { name: 'old', to: undefined, behind: 9, oldest: since, problem: undefined },
    ] as const;
    const { code, out } = await doctor(
      { store: { kind: 'open', bytes: 4e6, records: 80, isAll: true, breaks: [], made: new Set(), exports } },
      GOOD,
    );
    expect(out).toContain(
      'warning  The export "siem" has been failing since 2026-11-21T12:00:00.000Z (ECONNREFUSED): 70 records wait for it, the oldest of 2026-11-21T12:00:00.000Z.\n         → see to its receiver; it is tried again until it works\n',
    );
    expect(out).toContain(
      'note     The export "otel": 3 records wait for it, the oldest of 2026-11-21T12:00:00.000Z.\n',
    );
    expect(out).toContain('ok       The export "disk" has everything.\n');
    expect(out).not.toContain('old"');
    expect(code).toBe(0);
  });

  test('the worst comes first, each with what to do about it; only a problem is a no', async () => {
    const { code, out } = await doctor({ freeBytes: 5e8 }, people({}));
    const levels = out.split('\n').flatMap((line) => /^(problem|warning|note|ok) /.exec(line)?.[1] ?? []);
    expect(levels).toEqual(
      levels.toSorted((a, b) => 'problem warning note ok'.indexOf(a) - 'problem warning note ok'.indexOf(b)),
    );
    expect(out).toContain(
      'problem  Nobody can answer what the policy careful asks: every such call ends unanswered, and is refused.\n         → name enough people',
    );
    expect(out).toContain('1 problem, 1 warning, 3 notes.\n');
    expect(code).toBe(1);
    expect((await doctor({ freeBytes: 5e8 }, GOOD)).code).toBe(0);
  });

  test('as JSON', async () => {
    const looked: Surroundings = {
      node: 'v22.1.0',
      account: { name: 'gate', uid: undefined },
      data: '/var/toolgate',
      configuration: { kind: 'none', file: '/var/toolgate/toolgate.jsonc' },
      files: [],
      store: { kind: 'none' },
      freeBytes: undefined,
    };
    const ran = await table.toolgate(['doctor', '--json'], { lookAround: async () => looked });
    expect(ran.code).toBe(1);
    const { findings, unpreventable, remedy } = JSON.parse(ran.out);
    expect(findings[0]).toEqual({
      level: 'problem',
      sentence: 'Node v22.1.0 is too old: 24 or newer is needed.',
      remedy: 'get it from https://nodejs.org',
    });
    expect(findings.map(({ level }: { level: string }) => level)).toEqual(['problem', 'note', 'note', 'note', 'note']);
    expect([unpreventable.length, typeof remedy]).toEqual([5, 'string']);
  });
});

describe('people', () => {
  const approvals = { count: 2, approvers: { roles: ['admin'], owners: ['alice', 'zoe'] } };
  const strict = { policies: { careful: { ...ASKS, approvals } } };

  test.each<[string, object, string]>([
    [
      'a token in the clear',
      people({ alice: { roles: ['approver'], token: TOKEN } }),
      'warning  The token of alice (approver) stands in the clear in /etc/toolgate.json: an agent with a shell on this account could answer its own questions with it.',
    ],
    [
      'a token in the environment',
      people({ alice: { roles: ['approver'], token: `\${ALICE}` } }),
      'note     The token of alice (approver) is read from the environment of the gateway',
    ],
    [
      'a token that is yet to be made',
      people({ alice: { roles: ['approver'] } }),
      'note     alice (approver) has neither token nor passphrase yet.',
    ],
    [
      'people who may only look',
      people({ vera: { roles: ['viewer', 'editor'], passphrase: HASH } }),
      'problem  Nobody can answer what the policy careful asks',
    ],
    [
      'too few of them',
      people({ alice: { roles: ['viewer'], passphrase: HASH } }, strict),
      'problem  The policy careful wants 2 people to agree, and only alice may answer: every such call is refused.\n         → name enough people under "people" of the configuration (wanted: the role admin or alice or zoe), or ask less of them',
    ],
    [
      'an admin where only others are named',
      people(
        { root: { roles: ['admin'], passphrase: HASH } },
        { policies: { careful: { ...ASKS, approvals: { approvers: { owners: ['zoe'] } } } } },
      ),
      'problem  Nobody can answer what the policy careful asks',
    ],
    [
      'approvers that nobody knows',
      people({ alice: { roles: ['viewer'], passphrase: HASH }, root: { roles: ['admin'], passphrase: HASH } }, strict),
      'warning  The policy careful names approvers that nobody knows: zoe.',
    ],
    [
      'a baseline that asks in every policy',
      people(
        {},
        {
          policies: {
            careful: { version: '1', default: 'deny' },
            org: { version: '1', default: 'allow', classes: { write: { action: 'require_approval' } } },
          },
          baseline: 'org',
        },
      ),
      'problem  Nobody can answer what the policy careful asks',
    ],
  ])('%s', async (_, configuration, line) => {
    const { out } = await doctor({}, configuration);
    expect(out).toContain(line);
    expect(out).not.toContain(TOKEN);
    expect(out).not.toContain('AAAA');
  });

  test('enough of them is ok, by role or by name; a made token is', async () => {
    const configuration = people(
      { alice: { roles: ['viewer'] }, root: { roles: ['admin'], passphrase: HASH } },
      strict,
    );
    const store = {
      kind: 'open',
      records: 1,
      bytes: 4e6,
      isAll: false,
      breaks: [],
      made: new Set(['person\nalice']),
      exports: [],
    } as const;
    const { code, out } = await doctor({ store }, configuration);
    expect(out).toContain('ok       What the policy careful asks can be answered by alice, root; 2 must agree.');
    expect(out).toContain('ok       alice (viewer) answers with a token that the gateway made; only its hash is kept.');
    expect(out).toContain(
      'ok       The chain of the log is whole in the first 1 records; toolgate audit verify looks at all of them.',
    );
    expect(code).toBe(0);
  });

  test('a policy that is in nobody’s grant need not be answered', async () => {
    const { out } = await doctor({}, { ...BASE, grants: {} });
    expect(out).toContain('ok       No policy that is in use asks a person.');
  });
});

describe('files, store, reach', () => {
  const kept: LookedFile = { path: '/var/toolgate/digest.key', role: 'kept', mode: 0o644, uid: 1000, isWritable: true };

  test.each<[string, Partial<Surroundings>, string, number]>([
    [
      'a data folder that others can enter',
      { files: [{ ...FOLDER, mode: 0o755 }, kept] },
      'problem  The data folder /var/toolgate is open to other accounts (mode 0755).\n         → chmod 700 /var/toolgate\nproblem  /var/toolgate/digest.key (mode 0644) is open to other accounts.\n         → chmod 600 /var/toolgate/digest.key',
      1,
    ],
    [
      'an open file in a private folder',
      { files: [FOLDER, kept] },
      'note     /var/toolgate/digest.key (mode 0644) would be open',
      0,
    ],
    [
      'another account’s folder',
      { files: [{ ...FOLDER, uid: 0 }] },
      'warning  /var/toolgate belongs to account number 0, and this is gate (1000).',
      0,
    ],
    [
      'rules that this account can write',
      { files: [FOLDER, { ...CONFIG, isWritable: true }] },
      'warning  This account (gate) can write /etc/toolgate.json: an agent with a shell on it can edit its own rules.',
      0,
    ],
    [
      'rules that others can write',
      { files: [FOLDER, { ...CONFIG, role: 'policy', path: "/etc/it's.json", mode: 0o664 }] },
      "problem  /etc/it's.json can be written by other accounts (mode 0664): they could change the rules.\n         → chmod go-w '/etc/it'\\''s.json'",
      1,
    ],
    [
      'a configuration that others can read',
      { files: [FOLDER, { ...CONFIG, mode: 0o644 }] },
      'warning  /etc/toolgate.json can be read by other accounts',
      0,
    ],
    [
      'a folder in which others can replace it',
      { files: [FOLDER, { ...CONFIG, role: 'folder', path: '/srv', mode: 0o777 }] },
      'problem  /srv can be written by other accounts',
      1,
    ],
    [
      'a store that does not open',
      { store: { kind: 'fault', reason: 'store /x: it is damaged' } },
      'problem  The store cannot be opened: store /x: it is damaged.',
      1,
    ],
    [
      'a log that was changed',
      {
        store: {
          kind: 'open',
          records: 5,
          bytes: 4e6,
          isAll: true,
          breaks: ['writer w\u001b, record 2: the hash differs'],
          made: new Set(),
          exports: [],
        },
      },
      'problem  The log was changed, or records of it are missing: writer w\\u{1b}, record 2: the hash differs.',
      1,
    ],
    [
      'a log that nothing bounds',
      {
        store: {
          kind: 'open',
          records: 5,
          bytes: 6.5 * 1024 ** 3,
          isAll: true,
          breaks: [],
          made: new Set(),
          exports: [],
        },
      },
      'note     The store has 6 GiB, and nothing bounds it: no record is ever removed.',
      0,
    ],
    ['a full disk', { freeBytes: 1e6 }, 'problem  Only 0 MiB are free', 1],
    [
      'no configuration',
      { configuration: { kind: 'none', file: '/x/toolgate.jsonc' } },
      'note     There is no configuration /x/toolgate.jsonc.',
      0,
    ],
  ])('%s', async (_, more, line, exit) => {
    const { code, out } = await doctor(more, GOOD);
    expect(out).toContain(line);
    expect(code).toBe(exit);
  });

  test('a sticky folder lets nobody replace what is another’s', async () => {
    const { out } = await doctor({ files: [FOLDER, { ...CONFIG, role: 'folder', path: '/tmp', mode: 0o1777 }] }, GOOD);
    expect(out).not.toContain('/tmp');
  });

  test('a configuration that does not load is told line by line', async () => {
    const { code, out } = await doctor({}, { servers: { x: {} }, people: { p: {} } });
    expect(code).toBe(1);
    expect(out).toMatch(/^problem {2}The configuration does not load: \S+toolgate\.json:1:\d+ \/people\/p/m);
  });

  test('variables that this shell has not', async () => {
    const configuration = await configured(GOOD);
    if (configuration.kind !== 'settings') throw new Error('it does not load');
    const { out } = await doctor({ configuration: { ...configuration, unset: ['KEY', 'OTHER'] } });
    expect(out).toContain('note     Variables that the configuration reads are not set in this shell: KEY, OTHER.');
  });

  test.each<[string, object, string]>([
    [
      'servers that are a command',
      { servers: { files: { command: ['npx', 'x'] } } },
      'note     Started by a command: files.',
    ],
    [
      'servers that want no credentials',
      { servers: { files: { url: 'https://x.example' } } },
      'note     Reached by a URL without credentials in "headers": files.',
    ],
    [
      'tokens of grants in the clear',
      { grants: { laptop: { ...BASE.grants.laptop, token: 'hush-hush-hush-hush-hush' } } },
      'note     Tokens of grants stand in the clear in /etc/toolgate.json: laptop.',
    ],
    [
      'credentials of servers in the clear',
      { servers: { files: { url: 'https://x.example', headers: { Authorization: 'Bearer hush' } } } },
      'note     Headers or variables for servers stand in the clear in /etc/toolgate.json: files.',
    ],
    [
      'a page by http',
      { approvals: { url: 'http://gw.example.com' } },
      'warning  People answer at http://gw.example.com: by http their tokens travel in the clear.',
    ],
    ['no page', { approvals: {} }, 'note     Agents and notices are told the address at which the gateway listens'],
    [
      'notices by http',
      { notices: { ops: { ...HOOK, url: 'http://hooks.example.com/T0/hush' } } },
      'warning  Notices to ops travel by plain http',
    ],
    ['notices of nothing', { notices: {} }, 'note     Nobody is told outside when a question is asked.'],
    ['no notice of policies', { notices: {} }, 'note     Nobody is told outside when a policy changes.'],
  ])('%s', async (_, more, line) => {
    const { code, out } = await doctor({}, { ...GOOD, ...more });
    expect(out).toContain(line);
    expect(out).not.toContain('hush');
    expect(code).toBe(0);
  });

  test('a page or hook on this machine may be http', async () => {
    const { out } = await doctor(
      {},
      {
        ...GOOD,
        approvals: { url: 'http://localhost:8787' },
        notices: { ops: { ...HOOK, url: 'http://127.0.0.1:9/x' } },
      },
    );
    expect(out).toContain('0 problems, 0 warnings, 0 notes.');
  });
});
