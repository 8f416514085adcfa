import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { desk } from '../../test/kit/command-line.ts';
import { cpuMsUntil } from '../../test/kit/cpu-time.ts';

const { toolgate, file, folder } = await desk();

const POLICY = {
  version: '1',
  default: 'deny',
  tools: {
    replay_flow: { limits: [{ counter: 'replay_flow_rate', window: 'minute', max: 10, scope: 'grant' }] },
    pay: {
      limits: [
        { counter: 'spend', window: 'day', max: 500, amount: 'args.amount', reset: 'calendar', id: 'day' },
        { counter: 'pays', window: 'hour', max: 3, id: 'hour' },
      ],
    },
  },
};
const policy = await file('policy.json', POLICY);
const NOON = '2026-11-20T12:00:00Z';

/** Tries cases of the policy above; gives the exit code and what was printed. */
async function tried(name: string, ...cases: readonly object[]) {
  const written = await file(`${name}.json`, { policy, at: NOON, cases });
  return toolgate(['policy', 'test', written]);
}

describe('policy test', () => {
  test('cases that come out as they say pass', async () => {
    const ran = await tried(
      'good',
      { name: 'usable', call: { tool: 'replay_flow' }, want: 'allow' },
      {
        name: 'nothing else',
        call: { tool: 'clear' },
        want: { effect: 'deny', rule: '(default deny)', listed: false },
      },
    );
    expect(ran).toEqual({ code: 0, out: '2 passed, 0 failed\n', err: '' });
  });

  test('a case that does not is shown with its place, what was wanted and what was got', async () => {
    const written = await file(
      'wrong.yaml',
      [
        'policy: policy.json',
        'cases:',
        '  - name: it is usable',
        '    call: { tool: replay_flow }',
        '    want: allow',
        '  - name: nobody clears',
        '    call: { tool: clear }',
        '    want: { effect: allow, rule: /tools/clear, reason: fine }',
      ].join('\n'),
    );
    const ran = await toolgate(['policy', 'test', written]);
    expect(ran.code).toBe(1);
    expect(ran.out.split('\n')).toEqual([
      'wrong.yaml:6 nobody clears',
      '  - effect: allow',
      '  + effect: deny',
      '  - rule: /tools/clear',
      '  + rule: (default deny)',
      '  - reason: fine',
      expect.stringMatching(/^ {2}\+ reason: The tool "clear" /),
      '',
      '1 passed, 1 failed',
      '',
    ]);
  });

  test('the eleventh replay within a minute is refused, and capacity slides back', async () => {
    const replay = { tool: 'replay_flow' };
    const limit = { effect: 'deny', rule: '/tools/replay_flow/limits/0' };
    const ago = (time: string) => [{ ...replay, times: 10, at: `2026-11-20T${time}Z` }];
    const ran = await tried(
      'replay',
      { name: 'tenth', call: replay, earlier: [{ ...replay, times: 9 }], want: 'allow' },
      { name: 'eleventh', call: replay, earlier: [{ ...replay, times: 10 }], want: { ...limit, reason: 'at most 10' } },
      { name: 'the last second', call: replay, earlier: ago('11:59:01'), want: { ...limit, retry_after: 2 } },
      { name: 'a minute later', call: replay, earlier: ago('11:58:58'), want: 'allow' },
      {
        name: 'refused ones count nothing',
        call: replay,
        earlier: [...ago('11:58:50'), ...ago('11:59:40')],
        want: 'allow',
      },
      {
        name: 'another grant',
        call: replay,
        earlier: [{ ...replay, times: 10, grant: { name: 'phone' } }],
        want: 'allow',
      },
      {
        name: 'a new session',
        call: replay,
        session: 'new',
        earlier: [{ ...replay, times: 10, session: 'old' }],
        want: limit,
      },
    );
    expect(ran).toMatchObject({ code: 0, out: '7 passed, 0 failed\n' });
  });

  test('amounts are summed exactly, and a calendar day begins anew', async () => {
    const pay = (amount: number, at?: string) => ({
      tool: 'pay',
      args: { amount },
      ...(at === undefined ? {} : { at }),
    });
    const ran = await tried(
      'pay',
      { name: 'to the brim', call: pay(0.2), earlier: [pay(0.1), pay(499.7)], want: 'allow' },
      { name: 'beyond', call: pay(0.21), earlier: [pay(0.1), pay(499.7)], want: { effect: 'deny', id: 'day' } },
      { name: 'no amount', call: { tool: 'pay' }, want: { effect: 'deny', id: 'day' } },
      { name: 'yesterday', call: pay(500), earlier: [pay(500, '2026-11-19T23:59:59Z')], want: 'allow' },
      {
        name: 'this morning',
        call: pay(1),
        earlier: [pay(500, '2026-11-20T00:00:00Z')],
        want: { effect: 'deny', retry_after: 43_200 },
      },
      { name: 'the first refused is not counted', call: pay(5), earlier: [pay(500.5), pay(495)], want: 'allow' },
      {
        name: 'the other limit',
        call: pay(1),
        earlier: [pay(1), pay(1), pay(1)],
        want: { effect: 'deny', id: 'hour' },
      },
    );
    expect(ran).toMatchObject({ code: 0, out: '7 passed, 0 failed\n' });
  });

  test('earlier calls that did not pass are told where the case fails', async () => {
    const earlier = [
      { tool: 'replay_flow', times: 12 },
      { tool: 'clear', at: '2026-11-20T11:00:00Z' },
    ];
    const ran = await tried('hammered', { name: 'hammered', call: { tool: 'replay_flow' }, earlier, want: 'allow' });
    expect(ran.out).toContain('    earlier: 3 of 13 did not pass: (default deny)\n');
  });

  test('what stands in shadow, a baseline, and a tool that the server does not list', async () => {
    const tools = { inputs: { inputSchema: { type: 'object', required: ['x'] } } };
    const shadow = { version: '1', default: 'deny', tools: { t: { mode: 'shadow', action: 'deny' } } };
    const baseline = {
      version: '1',
      default: 'allow',
      tools: { replay_flow: { action: 'deny', reason: 'Not here.' } },
    };
    const strict = { version: '1', default: 'deny', tools: { inputs: { validate: 'schema' }, other: {} } };
    const ran = await tried(
      'more',
      { name: 'shadow', policy: shadow, call: { tool: 't' }, want: { effect: 'allow', would: 'deny' } },
      { name: 'none', call: { tool: 'pay', args: { amount: 1 } }, want: { effect: 'allow', would: null } },
      {
        name: 'baseline',
        baseline,
        call: { tool: 'replay_flow' },
        want: { effect: 'deny', document: 'baseline', reason: 'Not here.' },
      },
      {
        name: 'schema',
        policy: strict,
        tools,
        call: { tool: 'inputs' },
        want: { effect: 'deny', rule: '/tools/inputs/validate' },
      },
      {
        name: 'unknown',
        policy: strict,
        tools,
        call: { tool: 'other' },
        want: { effect: 'deny', rule: '(unknown)', listed: false },
      },
      { name: 'no such message', call: { tool: 'a\u0000b' }, want: { effect: 'deny', rule: '(message refused)' } },
    );
    expect(ran).toMatchObject({ code: 0, out: '6 passed, 0 failed\n' });
  });

  test('two policies that cannot hold together are no ground to judge on', async () => {
    const limits = [{ counter: 'pays', window: 'day', max: 1 }];
    const baseline = { version: '1', default: 'allow', all_tools: { limits } };
    const ran = await tried('clash', { name: 'clash', baseline, call: { tool: 'pay' }, want: 'allow' });
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('the counter "pays" has one window in the policy');
  });

  test('documents that must not load', async () => {
    const broken = { version: '1', default: 'deny', tols: {} };
    const ran = await tried(
      'documents',
      { name: 'typo', policy: broken, problems: [{ pointer: '/tols', message: '"tools"' }] },
      { name: 'it loads', policy, problems: [{ pointer: '*', message: 'unknown' }] },
    );
    expect(ran.code).toBe(1);
    expect(ran.out).toContain('documents.json:1');
    expect(ran.out).toContain('+ problems[0]: the document loads');
    expect(ran.out).toContain('1 passed, 1 failed');
  });
});

describe('a file of cases that is broken', () => {
  test('is told with places and the nearest known keys, and none of it is judged', async () => {
    const written = await file(
      'bad.yaml',
      [
        'policy: policy.json',
        'cases:',
        '  - { name: a, call: { tol: x }, want: allow }',
        '  - { name: b, call: { tool: x }, wants: allow }',
        '  - { name: c, call: { tool: x, resource: "a://b" }, want: alow }',
        '  - { call: { tool: x }, at: noon, want: { effect: deny, retry: 5 } }',
        '  - { name: e, call: { tool: x }, earlier: [{ tool: x, at: "2027-01-01", times: 0 }], want: deny }',
      ].join('\n'),
    );
    const ran = await toolgate(['policy', 'test', written]);
    expect(ran).toMatchObject({ code: 1, out: '0 passed, 0 failed, 1 file not judged\n' });
    expect(ran.err.split('\n').filter((line) => !line.startsWith('bad.yaml:'))).toEqual(['']);
    for (const told of [
      /^bad\.yaml:3:24 \/cases\/0\/call\/tol unknown key "tol" — did you mean "tool"\?$/m,
      /^bad\.yaml:4:\d+ \/cases\/1\/wants unknown key "wants" — did you mean "want"\?$/m,
      /^bad\.yaml:4:\d+ \/cases\/1 "want" is missing/m,
      /^bad\.yaml:5:\d+ \/cases\/2\/call names both a tool and a resource/m,
      /^bad\.yaml:5:\d+ \/cases\/2\/want must be one of .* — did you mean "allow"\?$/m,
      /^bad\.yaml:6:\d+ \/cases\/3 "name" is missing/m,
      /^bad\.yaml:6:\d+ \/cases\/3\/at must be a day/m,
      /^bad\.yaml:6:\d+ \/cases\/3\/want\/retry unknown key "retry"/m,
      /^bad\.yaml:7:\d+ \/cases\/4\/earlier\/0 an earlier call cannot come after the call/m,
      /^bad\.yaml:7:\d+ \/cases\/4\/earlier\/0\/times must be a whole number/m,
    ]) {
      expect(ran.err).toMatch(told);
    }
  });

  test.each([
    ['nothing in it', { policy, cases: [] }, 'a file without cases proves nothing'],
    ['an empty list', [], 'a file without cases proves nothing'],
    ['no policy', [{ name: 'x', call: { tool: 'x' }, want: 'deny' }], '"policy" is missing'],
    [
      'a policy that is not there',
      { policy: 'none.json', cases: [{ name: 'x', call: { tool: 'x' }, want: 'deny' }] },
      'no such file',
    ],
    [
      'a broken policy',
      { policy: { version: '1' }, cases: [{ name: 'x', call: { tool: 'x' }, want: 'deny' }] },
      '"default" is missing',
    ],
    ['neither list nor object', 5, 'must be a list of cases'],
  ])('%s', async (_, content, message) => {
    const ran = await toolgate(['policy', 'test', await file('odd.json', content)]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(message);
    expect(ran.err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('does not keep the others from being judged', async () => {
    const good = await file('fine.json', { policy, cases: [{ name: 'x', call: { tool: 'x' }, want: 'deny' }] });
    const ran = await toolgate(['policy', 'test', 'missing.yaml', good]);
    expect(ran).toMatchObject({ code: 1, out: '1 passed, 0 failed, 1 file not judged\n' });
    expect(ran.err).toBe('missing.yaml cannot be read: no such file\n');
  });

  test('a policy that only its case names is the fault of that case', async () => {
    const ran = await tried(
      'one-bad',
      { name: 'bad', policy: { version: '1', default: 'deny', tols: {} }, call: { tool: 'x' }, want: 'deny' },
      { name: 'good', call: { tool: 'x' }, want: 'deny' },
    );
    expect(ran.out).toContain('/cases/0/policy/tols unknown key "tols"');
    expect(ran.out).toContain('1 passed, 1 failed');
  });
});

describe('the options of policy test', () => {
  const cases = [
    { name: 'replay may', call: { tool: 'replay_flow' }, want: 'allow' },
    { name: 'clear <may> & "shall"\u001b\u0000\ufffe', call: { tool: 'clear' }, want: 'allow' },
  ];

  test('--policy judges cases that name none', async () => {
    const loose = await file('loose.json', cases);
    expect(await toolgate(['policy', 'test', loose, '--policy', policy])).toMatchObject({ code: 1 });
    const open = await file('open.json', { version: '1', default: 'allow' });
    expect(await toolgate(['policy', 'test', loose, '--policy', open])).toMatchObject({ code: 0 });
    const broken = await file('broken.json', { version: '2' });
    expect(await toolgate(['policy', 'test', loose, '--policy', broken])).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringMatching(/^broken\.json:1:\d+ \/version /m),
    });
  });

  test('--filter judges some, and none at all is no success', async () => {
    const some = await file('some.json', { policy, cases });
    expect(await toolgate(['policy', 'test', some, '--filter', 'replay'])).toMatchObject({
      code: 0,
      out: '1 passed, 0 failed\n',
    });
    expect(await toolgate(['policy', 'test', some, '--filter', 'Nobody'])).toMatchObject({
      code: 1,
      err: 'toolgate policy test: no case\'s name holds "Nobody"\n',
    });
  });

  test('--json gives the results as data', async () => {
    const ran = await toolgate(['policy', 'test', await file('data.json', { policy, cases }), '--json']);
    expect(JSON.parse(ran.out)).toMatchObject({
      passed: 1,
      failed: 1,
      problems: [],
      cases: [
        { file: 'data.json', line: 1, name: 'replay may', passed: true },
        {
          passed: false,
          found: expect.arrayContaining([{ about: 'effect', want: 'allow', got: 'deny', asWanted: false }]),
        },
      ],
    });
    expect(ran.out).not.toContain('\u001b');
  });

  test('--junit writes XML that can be read whatever the names hold', async () => {
    const some = await file('xml.json', { policy, cases });
    expect(await toolgate(['policy', 'test', some, 'missing.json', '--junit', 'out.xml'])).toMatchObject({ code: 1 });
    const xml = await readFile(join(folder, 'out.xml'), 'utf8');
    expect(xml).toContain('<testsuites name="toolgate policy test" tests="3" failures="1" errors="1">');
    expect(xml).toContain('name="clear &lt;may&gt; &amp; &quot;shall&quot;\\u{1b}\\u{0}\\u{fffe}"');
    expect(xml).toContain('<failure message="effect: wanted allow, got deny">');
    expect(xml).toContain('<error message="missing.json cannot be read: no such file">');
    expect(xml).toMatch(/^[\n\u0020-\u007e]*$/);
    expect(xml.match(/<\w+/g)).toHaveLength(8);
  });

  test('a report that cannot be written is told', async () => {
    const some = await file('fine2.json', { policy, cases: cases.slice(0, 1) });
    expect(await toolgate(['policy', 'test', some, '--junit', 'no/such/folder.xml'])).toMatchObject({
      code: 1,
      err: 'no/such/folder.xml cannot be written: no such folder\n',
    });
  });

  test('a policy is taken for one, not for a file of cases that is all wrong', async () => {
    const alone = await file('alone.json', { version: '1', default: 'deny', tools: { a: {} } });
    expect(await toolgate(['policy', 'test', alone])).toMatchObject({
      code: 1,
      err: 'alone.json:1:1 this is a policy; give it with --policy, and name a file of cases, or write {"policy": …, "cases": […]} into one\n',
    });
  });

  test('no file is a fault of the command line', async () => {
    expect(await toolgate(['policy', 'test'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('FILE is missing'),
    });
  });

  test('a thousand cases take about a second', async () => {
    const many = Array.from({ length: 1_000 }, (_, index) => ({
      name: `case ${index}`,
      policy: POLICY,
      earlier: [{ tool: 'replay_flow', times: 10 }],
      call: { tool: 'replay_flow' },
      want: 'deny',
    }));
    const written = await file('many.json', many);
    const taken = await cpuMsUntil(async () => {
      expect(await toolgate(['policy', 'test', written])).toMatchObject({ code: 0, out: '1000 passed, 0 failed\n' });
    });
    expect(taken).toBeLessThan(5_000);
  });
});
