import { beforeAll, describe, expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';

const { toolgate, file } = await desk();

const PAY = {
  require: [{ id: 'small', conditions: [{ path: 'args.amount', op: 'lte', value: 100 }] }],
  limits: [{ counter: 'pays', window: 'day', max: 5 }],
};
const BEFORE = {
  version: '1',
  default: 'deny',
  tools: { pay: PAY, list: {}, 'get_*': { deny_if: [{ conditions: [{ path: 'args.all', op: 'eq', value: true }] }] } },
};
const LOOSER = {
  ...BEFORE,
  tools: {
    ...BEFORE.tools,
    pay: { ...PAY, require: [{ conditions: [{ path: 'args.amount', op: 'lte', value: 200 }] }] },
  },
};
const TIGHTER = {
  ...BEFORE,
  hide: ['list'],
  tools: { ...BEFORE.tools, pay: { ...PAY, limits: [{ ...PAY.limits[0], max: 3 }] } },
};
const SAME = { ...BEFORE, description: 'The same in other words.', all_tools: {}, classes: {} };

beforeAll(async () => {
  await file('before.json', BEFORE);
  await file('looser.json', LOOSER);
  await file('tighter.json', TIGHTER);
  await file('same.json', SAME);
  await file('rules.yaml', 'version: "1"\ndefault: deny\ntools: {a: {}, b: {}, c: {}, d: {}, e: {}, f: {}}\n');
});

function diff(...args: readonly string[]) {
  return toolgate(['policy', 'diff', ...args]);
}

describe('policy diff', () => {
  test('tells what gets looser, where, and by which call it shows', async () => {
    expect(await diff('before.json', 'looser.json')).toEqual({
      code: 0,
      out: [
        '1 looser, 0 tighter, 0 changed, 0 reason only',
        '',
        'Looser:',
        '  tool pay',
        '    - require: args.amount lte 100 → args.amount lte 200',
        '        /tools/pay/require/0',
        '      for example, a call with {"amount":101} was denied, is now allowed',
        '',
      ].join('\n'),
      err: '',
    });
  });

  test('tells what gets tighter', async () => {
    const { code, out } = await diff('before.json', 'tighter.json');
    expect(code).toBe(0);
    expect(out).toContain('Tighter:\n  tool pay\n    + limit "pays": max 5 → 3\n        /tools/pay/limits/0\n');
    expect(out).toContain('  tool list\n    + was allowed, is now hidden\n        /tools/list → /hide\n');
  });

  test('says so when nothing changes in meaning', async () => {
    expect(await diff('before.json', 'same.json')).toEqual({ code: 0, out: 'No change in meaning.\n', err: '' });
    expect(await diff('before.json', 'same.json', '--fail-on', 'any')).toMatchObject({ code: 0 });
  });

  test('tells names that change alike together', async () => {
    await file('fewer.yaml', 'version: "1"\ndefault: deny\ntools: {a: {}}\n');
    const { out } = await diff('rules.yaml', 'fewer.yaml');
    expect(out).toContain('  tools b, c, d, e and 1 more\n    + was allowed, is now refused by default\n');
  });

  test.each([
    ['looser', 'looser.json', 1],
    ['tighter', 'looser.json', 0],
    ['any', 'looser.json', 1],
    ['looser', 'tighter.json', 0],
    ['tighter', 'tighter.json', 1],
  ])('--fail-on %s with %s: exit code %i', async (what, after, code) => {
    expect(await diff('before.json', after, '--fail-on', what)).toMatchObject({ code, err: '' });
  });

  test('--fail-on takes what cannot be ordered for looser and for tighter', async () => {
    const other = {
      ...BEFORE,
      tools: { ...BEFORE.tools, pay: { ...PAY, limits: [{ ...PAY.limits[0], window: 'week' }] } },
    };
    await file('other.json', other);
    expect(await diff('before.json', 'other.json', '--fail-on', 'looser')).toMatchObject({ code: 1 });
    expect(await diff('before.json', 'other.json', '--fail-on', 'tighter')).toMatchObject({ code: 1 });
  });

  test('does not claim, and does not pass, what it could not look at', async () => {
    const tools = (text: string) => ({ version: '1', default: 'allow', tools: { [text]: {} } });
    await file('stars.json', tools(`${'*a'.repeat(200)}*`));
    await file('others.json', tools(`${'*b*a'.repeat(100)}*`));
    expect(await diff('stars.json', 'others.json')).toEqual({
      code: 0,
      out: 'No change in meaning was found.\n\nNot every combination of patterns was looked at: there are too many.\n',
      err: '',
    });
    expect(await diff('stars.json', 'others.json', '--fail-on', 'looser')).toMatchObject({ code: 1 });
  });

  test('--json tells every name with its changes', async () => {
    const { code, out } = await diff('before.json', 'looser.json', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      complete: true,
      differences: [
        {
          kind: 'tool',
          name: 'pay',
          class: 'unknown',
          verdict: 'looser',
          changes: [{ direction: 'looser', before: '/tools/pay/require/0', after: '/tools/pay/require/0' }],
          examples: [{ direction: 'looser', args: { amount: 101 }, before: 'deny', after: 'allow' }],
        },
      ],
    });
  });

  test('says the same whenever it runs', async () => {
    const hours = (last: number) => ({
      ...BEFORE,
      tools: { pay: { require: [{ conditions: [{ path: 'time.hour', op: 'lt', value: last }] }] } },
    });
    await file('early.json', hours(8));
    await file('late.json', hours(9));
    expect((await diff('early.json', 'late.json')).out).toContain('a call with {} on 2026-01-06 at 8 h UTC was denied');
    const { out } = await diff('early.json', 'late.json', '--json');
    expect(JSON.parse(out).differences[0].examples[0].at).toBe('2026-01-06T08:00:00Z');
  });

  test('--tools compares the tools of the server', async () => {
    const inputSchema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
    await file('tools.json', {
      tools: [{ name: 'get_one', inputSchema }, { name: 'get_two', inputSchema }, { name: 'other' }],
    });
    await file('exact.json', {
      ...BEFORE,
      tools: { ...BEFORE.tools, 'get_*': undefined, get_one: BEFORE.tools['get_*'] },
    });
    const { out } = await diff('before.json', 'exact.json', '--tools', 'tools.json');
    expect(out).toContain(
      '  tool get_two\n    + was allowed (subject to 1 deny_if entry), is now refused by default\n',
    );
    expect(out).toContain('a call with {"id":"x"} was allowed, is now denied');
    expect(out).not.toMatch(/get_one|pay/);
  });

  test('tells all that is wrong with either file', async () => {
    await file('broken.json', '{"version":"1","default":"deny","tols":{}}');
    const ran = await diff('broken.json', 'none.json');
    expect(ran).toMatchObject({ code: 1, out: '' });
    expect(ran.err).toMatch(/^broken\.json:1:\d+ \/tols unknown key "tols"/);
    expect(ran.err).toMatch(/^none\.json cannot be read: no such file$/m);
  });

  test.each([
    [['before.json'], /NEW is missing/],
    [['a', 'b', 'c'], /"c" is too much/],
    [['before.json', 'same.json', '--fail-on', 'louser'], /--fail-on must be one of looser, tighter, any/],
  ])('%j is no command line', async (args, message) => {
    expect(await diff(...args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });

  test('shows nothing that moves the terminal', async () => {
    await file('odd.json', { ...BEFORE, tools: { '\u001b[2J\u202e': {} } });
    expect((await diff('before.json', 'odd.json')).out).not.toMatch(/[^\P{Cc}\n]|\p{Cf}/u);
  });
});
