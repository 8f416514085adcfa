import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { KnownTool } from '../check/warning.ts';
import type { Observation } from './observation.ts';
import { suggestPolicy } from './suggest-policy.ts';
import type { Suggestion } from './suggestion.ts';

const START = Date.UTC(2026, 10, 14, 8);
const MINUTE = 60_000;
const DAY = 86_400_000;

/** Calls of `tool`, one a minute. */
function calls(
  tool: string,
  all: readonly { readonly [key: string]: Json }[],
  more: Partial<Observation> = {},
): Observation[] {
  return all.map((args, index) => {
    const at = START + index * MINUTE;
    return {
      id: `${tool}-${index}`,
      server: 'desk',
      grant: 'alice',
      owner: 'alice',
      session: 'one',
      kind: 'tool',
      method: 'tools/call',
      name: tool,
      class: 'write',
      at,
      tick: at,
      args: objectOf(Object.entries(args)),
      hidden: new Map(),
      isCounted: true,
      isApproved: false,
      isShadowed: false,
      ...more,
    };
  });
}

function suggest(observations: readonly Observation[], tools: readonly KnownTool[] = []): Suggestion {
  return suggestPolicy({ observations, tools: new Map(tools.map((tool) => [tool.name, tool])) });
}

function entry({ policy }: Suggestion, tool: string): JsonObject {
  const { tools } = policy;
  const found = isObject(tools) ? tools[tool] : undefined;
  if (!isObject(found)) throw new Error(`no entry for ${tool}`);
  return found;
}

/** What is required of the arguments of calls with these values of `it`; the bound on how many arguments there are is left out. */
function required(values: readonly Json[]): Json {
  const suggestion = suggest(
    calls(
      'act',
      values.map((it) => (it === undefined ? {} : { it })),
    ),
  );
  const { require } = entry(suggestion, 'act');
  const rules: readonly Json[] = Array.isArray(require) ? require : [];
  return rules.slice(1).map((rule) => (isObject(rule) ? (rule['conditions'] ?? null) : rule));
}

const numbered = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n));

describe('what is required of an argument', () => {
  const at = (path: string) => (op: string, value: Json) => ({ path, op, value });
  const it = at('args.it');
  test.each<[string, readonly Json[], Json]>([
    ['the one value', ['GET', 'GET', 'GET'], [[it('eq', 'GET')]]],
    ['the few values', ['GET', 'HEAD', 'GET', 'HEAD'], [[it('in', ['GET', 'HEAD'])]]],
    ['what a single call had', ['rm -rf build'], [[it('eq', 'rm -rf build')]]],
    ['texts of no kind, while they can be listed', ['ls', 'pwd', 'whoami'], [[it('in', ['ls', 'pwd', 'whoami'])]]],
    ['either truth', [true, false], [[it('type', 'boolean')]]],
    ['a range in round numbers', numbered(30, (n) => 13 + n), [[it('type', 'integer'), it('gte', 12), it('lte', 50)]]],
    ['a range of broken numbers', numbered(20, (n) => -0.37 + n / 7), [[it('gte', -0.4), it('lte', 2.5)]]],
    ['ids with what they begin with', numbered(40, (n) => `flow-${n}`), [[it('regex', '^flow-[0-9]{1,2}$')]]],
    [
      'UUIDs',
      numbered(9, (n) => `0189f3a${n}-7b1c-4c33-9e2f-1a2b3c4d5e6f`),
      [[it('regex', '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$')]],
    ],
    ['days', numbered(9, (n) => `2026-11-0${n + 1}`), [[it('regex', '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')]]],
    [
      'hosts and schemes',
      numbered(20, (n) => `https://${n % 2 ? 'api' : 'www'}.example.com/${n}`),
      [[it('url_scheme_in', ['https']), it('url_host_in', ['api.example.com', 'www.example.com'])]],
    ],
    [
      'the folder in which all files lie',
      numbered(20, (n) => `/srv/data/${n % 3}/x${n}.txt`),
      [[it('path_within', ['/srv/data'])]],
    ],
    [
      'a folder for each of the first names, and a file that is the only one there',
      [...numbered(10, (n) => `/srv/data/${n}.txt`), ...numbered(3, (n) => `/opt/${n}/a`), '/etc/hosts'],
      [[it('path_within', ['/etc/hosts', '/opt', '/srv/data'])]],
    ],
    [
      'texts that differ in a number alone',
      numbered(12, (n) => `select name from people where id = (${n})`.slice(0, -1)),
      [[it('regex', '^select name from people where id = \\([0-9]{1,2}$')]],
    ],
    ['domains of addresses', numbered(20, (n) => `user${n}@example.com`), [[it('email_domain_in', ['example.com'])]]],
    [
      'free texts by how they begin',
      numbered(20, (n) => `Dear ${n % 2 ? 'Sir' : 'Madam'}, it is ${'x'.repeat(n)}!`),
      [[it('starts_with', 'Dear '), it('length_lte', 40)]],
    ],
    [
      'free texts by their length',
      numbered(12, (n) => `${n} ways to say no`),
      [[it('type', 'string'), it('length_lte', 20)]],
    ],
    [
      'something that may be left out, or be null',
      ['a', null, 'a', 'b', 'b'],
      [[{ any: [it('exists', false), it('in', ['a', 'b'])] }]],
    ],
    [
      'elements, and how many',
      [['x'], ['x', 'y'], ['y', 'x'], ['y']],
      [[it('length_lte', 2)], [at('args.it[*]')('in', ['x', 'y'])]],
    ],
    [
      'elements of what may be empty',
      [['x', 'x'], [], ['x']],
      [[it('type', 'array'), it('length_lte', 2)], [{ any: [it('length_lte', 0), at('args.it[*]')('eq', 'x')] }]],
    ],
    [
      'members that only some elements have',
      [[{ n: 5 }, { n: 5, m: 1 }], [{ n: 5, m: 1 }]],
      [
        [it('length_lte', 2)],
        [at('args.it[*]')('length_lte', 2)],
        [{ not: at('args.it[*].m')('neq', 1) }],
        [at('args.it[*].n')('eq', 5)],
      ],
    ],
    [
      'members of objects, and no other ones',
      [{ deep: { n: 1 } }, { deep: { n: 1 } }],
      [[it('length_lte', 1)], [at('args.it.deep')('length_lte', 1)], [at('args.it.deep.n')('eq', 1)]],
    ],
  ])('%s', (_name, values, conditions) => {
    // Round enough; how friendly numbers are is told in their own test.
    expect(required(values)).toEqual(conditions);
  });

  test('nothing, where values of several types were seen, and it is said so', () => {
    const { leftOut } = suggest(calls('act', [{ it: 1 }, { it: 'one' }]));
    expect(leftOut).toEqual([{ what: 'act: args.it', why: 'values of several types were seen: number, string' }]);
  });

  test('its type alone where its value was not kept', () => {
    const hidden = new Map([['/it', 'string']]);
    const suggestion = suggest([
      ...calls('act', [{ it: '' }], { hidden }),
      ...calls('act', [{ it: 'known' }], { id: 'k' }),
    ]);
    expect(JSON.stringify(suggestion.policy)).not.toContain('known');
    expect(entry(suggestion, 'act')['require']).toContainEqual({ conditions: [it('type', 'string')] });
    expect(suggestion.evidence.map(({ says }) => says)).toContainEqual(expect.stringContaining('not kept (1 of 2)'));
  });

  test('nothing where no arguments were kept', () => {
    const suggestion = suggest(calls('act', [{}], { hidden: new Map([['', undefined]]) }));
    expect(entry(suggestion, 'act')).not.toHaveProperty('require');
    expect(suggestion.leftOut).toEqual([{ what: 'act: args', why: 'the arguments of 1 of 1 calls were not kept' }]);
  });

  test('nothing that looks like a secret is written down', () => {
    const key = 'sk_live_4eC39HqLyjWDarjtT1zdp7dc';
    const suggestion = suggest(calls('act', [{ it: key, password: 'hunter2', url: `https://u:${key}@example.com/` }]));
    expect(JSON.stringify(suggestion)).not.toMatch(/sk_live|hunter2/);
  });
});

describe('other arguments', () => {
  const first = (all: readonly { readonly [key: string]: Json }[]): Json => {
    const { require } = entry(suggest(calls('act', all)), 'act');
    return Array.isArray(require) ? (require[0]?.['conditions'] ?? null) : null;
  };
  const atMost = (value: number) => ({ path: 'args', op: 'length_lte', value });
  const there = (name: string) => ({ path: `args.${name}`, op: 'exists', value: true });

  test('are too many where all that were seen are always there', () => {
    expect(first([{ a: 1, b: 1 }])).toEqual([atMost(2)]);
    expect(first([{}])).toEqual([atMost(0)]);
  });

  test('are counted alone where names differ by case, since of such no policy can tell', () => {
    expect(first([{ Amount: 'a' }, { Amount: 'a', amount: 1 }])).toEqual([atMost(2)]);
  });

  test('do not stand in the place of those that may be left out', () => {
    expect(first([{ a: 1 }, { a: 1, b: 1 }])).toEqual([atMost(2), { any: [there('b'), atMost(1)] }]);
    expect(first([{}, { a: 1 }, { b: 1 }, { a: 1, b: 1 }])).toEqual([
      atMost(2),
      { any: [{ all: [there('a'), there('b')] }, atMost(1)] },
      { any: [there('a'), there('b'), atMost(0)] },
    ]);
  });
});

describe('limits', () => {
  test('leave room for half as much again, in the windows that say something', () => {
    // Ten in the first minute of each hour, over two days.
    const observations = numbered(480, (n) => {
      const at = START + Math.floor(n / 10) * 60 * MINUTE + (n % 10) * 1000;
      return calls('poll', [{}], { id: `p${n}`, at, tick: at })[0];
    }).filter((one) => one !== undefined);
    // The next hour's ten come before the last ones are quite forgotten.
    expect(entry(suggest(observations), 'poll')['limits']).toEqual([
      { counter: 'poll_per_minute', window: 'minute', max: 15, scope: 'grant' },
      { counter: 'poll_per_hour', window: 'hour', max: 30, scope: 'grant' },
      { counter: 'poll_per_day', window: 'day', max: 400, scope: 'grant' },
    ]);
  });

  test('hold for each grant, so the busiest one counts', () => {
    const busy = calls(
      'act',
      numbered(20, () => ({})),
    );
    const calm = calls('act', [{}, {}], { grant: 'bob' }).map((one) => ({ ...one, id: `b${one.id}` }));
    const [, limit] = JSON.stringify(entry(suggest([...busy, ...calm]), 'act')['limits']).split('"day","max":');
    expect(limit).toMatch(/^30,/);
  });

  test('leave out later rounds of one call, and what never reached the server', () => {
    const later = calls(
      'act',
      numbered(50, () => ({})),
      { isCounted: false },
    );
    const first = calls('act', [{}], { id: 'first' });
    expect(JSON.stringify(entry(suggest([...first, ...later]), 'act')['limits'])).toContain('"max":2');
  });

  test('count sums of money by the day', () => {
    const spent = calls(
      'pay',
      numbered(4, (n) => ({ total_amount: 100 + n, to: 'acme' })),
    );
    expect(entry(suggest(spent), 'pay')['limits']).toContainEqual({
      counter: 'pay_total_amount_per_day',
      window: 'day',
      max: 800,
      scope: 'grant',
      amount: 'args.total_amount',
    });
  });
});

describe('people', () => {
  test('are asked again about what they were always asked', () => {
    const suggestion = suggest(calls('pay', [{ to: 'acme' }], { isApproved: true }));
    expect(entry(suggestion, 'pay')['action']).toBe('require_approval');
    expect(suggestion.evidence[0]?.says).toContain('a person approved of each');
  });

  test('are asked again about what is beyond that which passed by itself', () => {
    const small = calls(
      'pay',
      numbered(10, (n) => ({ amount: n + 1 })),
    );
    const large = calls('pay', [{ amount: 900 }, { amount: 950, urgent: true }], { isApproved: true }).map(
      (one, index) => ({
        ...one,
        id: `l${index}`,
      }),
    );
    expect(entry(suggest([...small, ...large]), 'pay')['approve_if']).toEqual([
      {
        conditions: [
          {
            not: {
              all: [
                { path: 'args.amount', op: 'type', value: 'integer' },
                { path: 'args.amount', op: 'gte', value: 1 },
                { path: 'args.amount', op: 'lte', value: 10 },
              ],
            },
          },
        ],
      },
      { conditions: [{ path: 'args.urgent', op: 'exists', value: true }] },
    ]);
  });

  test('are told where nothing tells the calls apart of which they approved', () => {
    const plain = calls('act', [{}, {}]);
    const asked = calls('act', [{}], { isApproved: true, id: 'asked' });
    expect(suggest([...plain, ...asked]).leftOut).toEqual([
      {
        what: 'act: approval',
        why: 'a person approved of 1 of its calls, which were like the others, so nobody would be asked',
      },
    ]);
  });
});

describe('with the definitions of tools', () => {
  const TOOL: KnownTool = {
    name: 'find',
    class: 'read',
    annotations: {},
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string' }, limit: { type: 'integer' }, deep: { type: 'boolean' } },
    },
  };

  test('the schema holds, and arguments that were never used stay out', () => {
    const found = entry(suggest(calls('find', [{ text: 'a' }, { text: 'a', limit: 5 }]), [TOOL]), 'find');
    expect(found['validate']).toBe('strict');
    expect(found['require']).toContainEqual({ conditions: [{ path: 'args.deep', op: 'exists', value: false }] });
  });

  test('a schema that calls did not keep to is not demanded', () => {
    expect(entry(suggest(calls('find', [{ text: 'a', more: 1 }]), [TOOL]), 'find')['validate']).toBe('schema');
    expect(entry(suggest(calls('find', [{ text: 5 }]), [TOOL]), 'find')).not.toHaveProperty('validate');
  });
});

describe('what is no tool', () => {
  const read = (uri: string, index: number): Observation[] =>
    calls(uri, [{ uri }], { kind: 'resource', method: 'resources/read', id: `u${index}`, class: 'unknown' });

  test('resources stand one by one, and many of them by their folders', () => {
    const few = suggest(['file:///a/1', 'file:///b/2'].flatMap(read));
    expect(Object.keys(Object(few.policy['resources']))).toEqual(['file:///a/1', 'file:///b/2']);
    const many = suggest(numbered(50, (n) => `file:///srv/${n % 2 ? 'a' : 'b'}/${n}`).flatMap(read));
    expect(Object.keys(Object(many.policy['resources']))).toEqual(['file:///srv/a/*', 'file:///srv/b/*']);
  });

  test('what servers ask of clients is allowed by its kind', () => {
    const asked = calls('sampling', [{}], { kind: 'request', method: 'sampling/createMessage' });
    expect(suggest(asked).policy).toMatchObject({ requests: { sampling: 'allow' } });
  });

  test('a name that holds * is left out, since an entry would take it for a pattern', () => {
    expect(suggest(calls('a*', [{}]))).toMatchObject({ policy: { default: 'deny' }, leftOut: [{ what: 'a*' }] });
  });
});

test('evidence names the calls, the days and records to look at', () => {
  const week = numbered(8, (n) =>
    calls('act', [{ n }], { id: `r${n}`, at: START + n * DAY, tick: START + n * DAY }),
  ).flat();
  expect(suggest(week).evidence.slice(0, 3)).toEqual([
    {
      pointer: '/tools/act',
      says: '8 calls of 1 grant, 2026-11-14 to 2026-11-21',
      calls: 8,
      first: START,
      last: START + 7 * DAY,
      examples: ['r0', 'r4', 'r7'],
    },
    expect.objectContaining({ pointer: '/tools/act/require/0' }),
    expect.objectContaining({
      pointer: '/tools/act/require/1',
      says: 'n: 8 values seen: 0 to 7',
      examples: ['r0', 'r7'],
    }),
  ]);
});
