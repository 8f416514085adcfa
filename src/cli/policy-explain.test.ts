import { describe, expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';

const { toolgate, file } = await desk();

const RULES = {
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
    team: { require: [{ conditions: [{ path: 'grant.labels.team', op: 'eq', value: 'ops' }] }] },
    send: {
      deny_if: [{ conditions: [{ path: 'grant.calls["read_secret"]', op: 'gt', value: 0, within: '1h' }] }],
      approve_if: [{ conditions: [{ path: 'args.to[*]', op: 'neq', value: 'alice' }] }],
    },
    pay: {
      limits: [
        { counter: 'spend', window: 'day', max: 500, amount: 'args.amount', per: 'args.account', reset: 'calendar' },
        {
          counter: 'large',
          window: 'day',
          max: 3,
          when: [{ path: 'args.amount', op: 'gt', value: 100 }],
          on_exceed: 'require_approval',
        },
      ],
    },
    tried: { mode: 'shadow', action: 'deny', reason: 'Not any more.' },
    checked: { validate: 'strict' },
  },
  classes: { read: {} },
  resources: { 'file:///srv/*': {} },
  requests: { roots: 'allow' },
};

async function words(...more: readonly string[]): Promise<string> {
  const ran = await toolgate(['policy', 'explain', await file('rules.json', RULES), ...more]);
  expect(ran.err).toBe('');
  return `${ran.out}exit ${ran.code}`;
}

async function json(...more: readonly string[]) {
  const ran = await toolgate(['policy', 'explain', await file('rules.json', RULES), '--json', ...more]);
  expect(ran.err).toBe('');
  return { code: ran.code, ...JSON.parse(ran.out) };
}

describe('policy explain tells', () => {
  test('an allowed call with what it would take from its limits', async () => {
    expect(await json('--tool', 'replay_flow')).toMatchObject({
      code: 0,
      effect: 'allow',
      rule: '/tools/replay_flow',
      listed: true,
      speakers: [{ document: 'policy', pointer: '/tools/replay_flow', mode: 'enforce' }],
      reservations: [{ counter: 'replay_flow_rate', window: 'minute', max: 10, scope: 'grant', add: 1 }],
    });
  });

  test('the rule that refuses, its id and its words, what its condition saw, and what would have changed the answer', async () => {
    const told = await words('--tool', 'read', '--args', '{"path":"/etc/passwd"}');
    expect(told).toMatch(/^deny {2}\/tools\/read\/deny_if\/0 \[no-etc\]\n {2}Not in \/etc\.\n/);
    expect(told).toContain('args.path contains "/etc": yes (saw "/etc/passwd")');
    expect(told).toContain(
      'To pass, all of this would have to change:\n  /tools/read/deny_if/0 [no-etc]: it holds because of args.path contains "/etc"',
    );
    expect(told).toContain('exit 1');
    const passed = await words('--tool', 'read', '--args', '{"path":"/srv"}');
    expect(passed).toContain(
      'It would not pass if any of this were otherwise:\n  /tools/read/deny_if/0 [no-etc]: it would',
    );
    expect(passed).toContain('exit 0');
  });

  test('that no entry speaks, or that a class or a table does', async () => {
    expect(await json('--tool', 'other')).toMatchObject({
      code: 1,
      effect: 'deny',
      rule: '(default deny)',
      listed: false,
    });
    expect(await json('--tool', 'other', '--class', 'read')).toMatchObject({ code: 0, rule: '/classes/read' });
    expect(await json('--resource', 'file:///srv/a')).toMatchObject({ code: 0, rule: '/resources/file:~1~1~1srv~1*' });
    expect(await json('--resource', 'file:///srv/../a')).toMatchObject({ code: 1, rule: '(arguments)' });
    expect(await json('--request', 'roots')).toMatchObject({ code: 0, rule: '/requests/roots' });
    expect(await json('--prompt', 'x')).toMatchObject({ code: 1, rule: '(default deny)' });
    expect(await words('--tool', 'other')).toContain('no entry speaks for it, so its default does');
  });

  test('a limit that the first call would exceed', async () => {
    expect(await json('--tool', 'never')).toMatchObject({ code: 1, effect: 'deny', rule: '/tools/never/limits/0' });
  });

  test('by the time, the caller and earlier calls that are given; the time is now otherwise', async () => {
    expect(await json('--tool', 'night')).toMatchObject({ code: 1 });
    expect(await json('--tool', 'night', '--at', '2026-06-01T05:59:59Z')).toMatchObject({ code: 0 });
    expect(await json('--tool', 'mine')).toMatchObject({ code: 1 });
    expect(await json('--tool', 'mine', '--owner', 'alice')).toMatchObject({ code: 0 });
    expect(await json('--tool', 'team', '--labels', '{"team":"ops"}')).toMatchObject({ code: 0 });
    expect(await json('--tool', 'send', '--calls', '{"read_secret":1}')).toMatchObject({
      code: 1,
      effect: 'deny',
      counts: [{ windowMs: 3_600_000, calls: 1 }],
    });
    expect(await json('--tool', 'send', '--args', '{"to":["bob"]}')).toMatchObject({ effect: 'require_approval' });
    expect(await json('--tool', 'send', '--args', '{"to":["alice"]}')).toMatchObject({ code: 0, effect: 'allow' });
  });

  test('limits by amount, by value, by condition, by calendar', async () => {
    const told = await words('--tool', 'pay', '--args', '{"amount":20,"account":"a"}');
    expect(told).toContain(
      'adds 20 to "spend", at most 500 per calendar day for each grant, for each value apart; beyond it refused',
    );
    expect(told).toContain('/tools/pay/limits/1: does not count this call\n      args.amount gt 100: no (saw 20)');
    expect(await words('--tool', 'pay', '--args', '{"amount":"20","account":"a"}')).toContain(
      'its amount is not a number that is not negative',
    );
  });

  test('what a limit would refuse though nothing is counted yet, without a time at which it could pass', async () => {
    const args = ['--tool', 'pay', '--args', '{"amount":600,"account":"a"}'];
    expect(await json(...args)).toMatchObject({
      code: 1,
      effect: 'deny',
      rule: '/tools/pay/limits/0',
      turning: [expect.stringContaining('at most 500')],
    });
    const told = await words(...args);
    expect(told).toContain('This call adds 600 by itself.');
    expect(told).toContain('which this call exceeds by itself; beyond it refused');
    expect(told).not.toContain('Retry');
  });

  test('the zone of a time, the reach of a count, and what would have to speak', async () => {
    const told = await words('--tool', 'send', '--args', '{"to":["alice"]}', '--calls', '{"read_secret":2}');
    expect(told).toContain('grant.calls["read_secret"] gt 0, within "1h": yes (saw 2)');
    expect(told).toContain('calls of "read_secret" by this grant within the last 3600 s: 2');
    expect(await words('--tool', 'other')).toContain('an entry would have to speak for it, or "default" be "allow"');
    expect(await words('--request', 'roots')).not.toContain('lists');
  });

  test('what stands in shadow and lets pass', async () => {
    const told = await words('--tool', 'tried');
    expect(told).toContain('In shadow it would have been: deny  /tools/tried/action\n    Not any more.');
    expect(told).toContain('would refuse /tools/tried/action');
    expect(told).toContain('exit 0');
  });

  test('the schema of the tool, where a file gives it', async () => {
    const inputSchema = { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] };
    const tools = await file('tools.json', { tools: [{ name: 'checked', inputSchema }] });
    expect(await json('--tool', 'checked')).toMatchObject({ code: 1, rule: '/tools/checked/validate' });
    expect(await words('--tool', 'checked')).toContain('give --tools FILE');
    expect(await json('--tool', 'checked', '--tools', tools, '--args', '{"x":1}')).toMatchObject({ code: 0 });
    expect(await json('--tool', 'checked', '--tools', tools, '--args', '{"x":1,"y":2}')).toMatchObject({ code: 1 });
  });

  test('the baseline beside the policy', async () => {
    const baseline = await file('house.json', { version: '1', default: 'allow', hide: ['replay_*'] });
    const told = await words('--tool', 'replay_flow', '--baseline', baseline);
    expect(told).toContain('deny  (hidden) (baseline)');
    expect(told).toContain('In the baseline no entry speaks for it, so its default does; it is hidden by "replay_*".');
    expect(told).toContain('"hide" of the baseline names "replay_*"');
  });

  test('nothing for a broken policy', async () => {
    const ran = await toolgate(['policy', 'explain', await file('broken.json', '{'), '--tool', 'x']);
    expect(ran).toMatchObject({ code: 1, out: '', err: expect.stringMatching(/^broken\.json:1:2 /) });
  });

  test('nothing that moves the terminal', async () => {
    const told = await words('--tool', 'read', '--args', '{"path":"/etc/\\u001b[2J\\u202e"}');
    expect(['\u001b', '\u202e'].filter((character) => told.includes(character))).toEqual([]);
  });
});
