import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StoreFault } from '../gateway/ports.ts';
import { run } from './run.ts';

const folder = await mkdtemp(join(tmpdir(), 'toolgate-policy-'));
const NOON = Date.UTC(2026, 5, 1, 12);

/** Runs a command line in the folder of the policies; a policy is judged without any gateway, store or log. */
async function toolgate(argv: readonly string[]) {
  let out = '';
  let err = '';
  const nothing = () => Promise.reject(new StoreFault('not needed'));
  const code = await run(argv, {
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
    env: {},
    cwd: folder,
    now: () => NOON,
    openLog: nothing,
    serve: nothing,
    wrap: nothing,
  });
  return { code, out, err };
}

async function policy(name: string, content: unknown): Promise<string> {
  await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return name;
}

describe('policy check', () => {
  test('a valid policy is ok', async () => {
    const file = await policy('good.yaml', 'version: "1" # ours\ndefault: deny\ntools: {a: {}, "b_*": {}}\n');
    expect(await toolgate(['policy', 'check', file])).toEqual({
      code: 0,
      out: 'good.yaml: ok (2 tools, default deny)\n',
      err: '',
    });
  });

  test('all that is wrong with one is told, with places, and nothing that moves the terminal', async () => {
    const file = await policy(
      'bad.jsonc',
      '{"version":"1","default":"deny",\n "tols":{}, // typo\n "tools":{"x":{"action":"\\u001b[2Jalow"}}}',
    );
    const ran = await toolgate(['policy', 'check', file]);
    expect(ran).toMatchObject({ code: 1, out: '' });
    const lines = ran.err.split('\n');
    expect(lines).toHaveLength(3);
    expect(ran.err).toMatch(/^bad\.jsonc:2:2 \/tols unknown key "tols"/m);
    expect(ran.err).toMatch(/^bad\.jsonc:3:16 \/tools\/x\/action /m);
    expect(ran.err).not.toContain('\u001b');
  });

  test('a file that is not there is named', async () => {
    expect(await toolgate(['policy', 'check', 'none.json'])).toMatchObject({
      code: 1,
      err: 'none.json cannot be read: no such file\n',
    });
  });
});

describe('policy explain', () => {
  const rules = {
    version: '1',
    default: 'deny',
    tools: {
      replay_flow: { limits: [{ counter: 'replay_flow_rate', window: 'minute', max: 10, scope: 'grant' }] },
      never: { limits: [{ counter: 'none', window: 'day', max: 0 }] },
      read: {
        deny_if: [
          { id: 'no-etc', on_deny: 'Not in /etc.', conditions: [{ path: 'args.path', op: 'contains', value: '/etc' }] },
        ],
      },
      night: { require: [{ conditions: [{ path: 'time.hour', op: 'lt', value: 6 }] }] },
      mine: { require: [{ conditions: [{ path: 'grant.owner', op: 'eq', value: 'alice' }] }] },
    },
  };

  async function explain(...more: readonly string[]) {
    const ran = await toolgate(['policy', 'explain', await policy('rules.json', rules), ...more]);
    expect(ran.err).toBe('');
    return { code: ran.code, ...JSON.parse(ran.out) };
  }

  test('an allowed call, with what it would take from its limits', async () => {
    expect(await explain('--tool', 'replay_flow')).toEqual({
      code: 0,
      effect: 'allow',
      rule: '/tools/replay_flow',
      reason: expect.any(String),
      reservations: [{ counter: 'replay_flow_rate', window: 'minute', max: 10, scope: 'grant', add: 1 }],
    });
  });

  test('what is refused names the rule, its id and its words', async () => {
    expect(await explain('--tool', 'read', '--args', '{"path":"/etc/passwd"}')).toEqual({
      code: 1,
      effect: 'deny',
      rule: '/tools/read/deny_if/0',
      id: 'no-etc',
      reason: 'Not in /etc.',
      reservations: [],
    });
    expect(await explain('--tool', 'other')).toMatchObject({ code: 1, effect: 'deny', rule: '(default deny)' });
  });

  test('a limit that the first call would exceed refuses', async () => {
    expect(await explain('--tool', 'never')).toMatchObject({ code: 1, effect: 'deny', rule: '/tools/never/limits/0' });
  });

  test('the time and the caller can be chosen; the time is now otherwise', async () => {
    expect(await explain('--tool', 'night')).toMatchObject({ code: 1 });
    expect(await explain('--tool', 'night', '--at', '2026-06-01T05:59:59Z')).toMatchObject({ code: 0 });
    expect(await explain('--tool', 'mine')).toMatchObject({ code: 1 });
    expect(await explain('--tool', 'mine', '--owner', 'alice')).toMatchObject({ code: 0 });
  });

  test('a broken policy answers nothing', async () => {
    const ran = await toolgate(['policy', 'explain', await policy('broken.json', '{'), '--tool', 'x']);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^broken\.json:1:2 /) });
  });
});
