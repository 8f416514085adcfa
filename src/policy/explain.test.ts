import { describe, expect, test } from 'vitest';
import type { Call } from '../wire/call.ts';
import { isObject, type Json } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { causesOf, missingFor } from './culprits.ts';
import type { Facts, Subject, Target } from './decision.ts';
import { type Explanation, explain } from './explain.ts';
import type { Policies, Policy } from './policy.ts';
import type { Trace } from './trace.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: { team: 'red' } },
  server: 'bank',
  session: 's1',
  client: { name: 'cursor', version: '1.2' },
};
const INPUT = { type: 'object', required: ['to'] };
const FACTS: Facts = { at: Date.UTC(2026, 0, 5, 9, 30), calls: new Map() };

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function load(document: object, which: 'policy' | 'baseline'): Policy {
  const result = compilePolicy(read({ version: '1', default: 'deny', ...document }), which);
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  return result.policy;
}

function told(policy: object, args: object = {}, baseline?: object, facts: Facts = FACTS): Explanation {
  const both: Policies = { policy: load(policy, 'policy'), baseline: baseline && load(baseline, 'baseline') };
  const json = read(args);
  const annotations = read({ title: 'Pay', hints: ['a', 'b'] });
  if (!isObject(json) || !isObject(annotations)) throw new Error('not an object');
  const call: Call = { kind: 'tool', method: 'tools/call', name: 'pay', args: json, params: json };
  const target: Target = {
    class: 'financial',
    definition: { annotations, input: () => ({ kind: 'problem', reason: JSON.stringify(INPUT) }) },
  };
  return explain(both, SUBJECT, call, target, facts);
}

const rules = (more: object) => ({ tools: { pay: more } });
const on = (path: string, op: string, value: unknown, more: object = {}) => ({ path, op, value, ...more });
const entry = (...conditions: readonly object[]) => [{ conditions }];
/** What the only rule with conditions saw. */
function traceOf(condition: object, args: object = {}, facts: Facts = FACTS): Trace | undefined {
  return told(rules({ deny_if: entry(condition) }), args, undefined, facts).rules[0]?.trace;
}

describe('what each rule says', () => {
  const says = (policy: object, args: object = {}, baseline?: object) =>
    told(policy, args, baseline).rules.map(({ rule, stage, says: word, mode, note }) => [
      `${rule.document} ${rule.pointer}`,
      stage,
      word,
      mode,
      note,
    ]);

  test('rules with conditions bite or pass; unknown bites', () => {
    const policy = rules({
      deny_if: [...entry(on('args.n', 'gt', 5)), ...entry(on('args.t', 'gt', 5)), ...entry(on('args.n', 'lt', 0))],
      require: [...entry(on('args.n', 'gt', 5)), ...entry(on('args.t', 'gt', 5)), ...entry(on('args.n', 'lt', 0))],
      approve_if: [...entry(on('args.n', 'gt', 5)), ...entry(on('args.t', 'gt', 5)), ...entry(on('args.n', 'lt', 0))],
    });
    const byPointer = new Map(says(policy, { n: 9, t: 'x' }).map(([pointer, , word]) => [pointer, word]));
    const of = (key: string) => [0, 1, 2].map((index) => byPointer.get(`policy /tools/pay/${key}/${index}`));
    expect(of('deny_if')).toEqual(['refuses', 'refuses', 'passes']);
    expect(of('require')).toEqual(['passes', 'refuses', 'refuses']);
    expect(of('approve_if')).toEqual(['asks', 'asks', 'passes']);
  });

  test('actions, hiding by action and defaults are told with their words', () => {
    expect(says(rules({ action: 'deny', reason: 'not here' }))).toEqual([
      ['policy /tools/pay/action', 'action', 'refuses', 'enforce', 'not here'],
    ]);
    expect(says(rules({ action: 'deny' }))[0]?.[4]).toEqual(expect.stringContaining('is '));
    expect(says(rules({ action: 'require_approval', reason: 'ask me' }))).toEqual([
      ['policy /tools/pay/action', 'action', 'asks', 'enforce', 'ask me'],
    ]);
    expect(says({})).toEqual([['policy (default deny)', 'default', 'refuses', 'enforce', expect.any(String)]]);
    expect(says(rules({}))).toEqual([]);
  });

  test('what refuses by conditions or limits whatever the call is told once', () => {
    expect(says(rules({ deny_if: entry() }))).toEqual([
      ['policy /tools/pay/deny_if/0', 'deny_if', 'refuses', 'enforce', undefined],
    ]);
    expect(says(rules({ limits: [{ counter: 'c', window: 'day', max: 0 }] }))).toEqual([]);
  });

  test('arguments that cannot be held against the schema are told', () => {
    const [row] = says(rules({ validate: 'schema' }));
    expect(row?.slice(0, 4)).toEqual(['policy /tools/pay/validate', 'validate', 'refuses', 'enforce']);
    expect(row?.[4]).toContain('required');
  });

  test('the baseline comes first, the entry before all_tools, and each has its mode', () => {
    const policy = {
      tools: { pay: { mode: 'shadow', deny_if: entry(on('args.n', 'eq', 1)) } },
      all_tools: { deny_if: entry(on('args.n', 'eq', 2)) },
    };
    const baseline = { mode: 'shadow', default: 'allow', all_tools: { deny_if: entry(on('args.n', 'eq', 3)) } };
    expect(says(policy, {}, baseline).map(([pointer, , , mode]) => `${pointer} ${mode}`)).toEqual([
      'baseline /all_tools/deny_if/0 shadow',
      'policy /tools/pay/deny_if/0 shadow',
      'policy /all_tools/deny_if/0 enforce',
    ]);
  });
});

describe('who speaks', () => {
  test.each<[object, object | undefined, readonly (readonly unknown[])[]]>([
    [rules({}), undefined, [['policy', '/tools/pay', 'enforce', false]]],
    [rules({ action: 'allow' }), undefined, [['policy', '/tools/pay', 'enforce', false]]],
    [{ classes: { financial: {} } }, undefined, [['policy', '/classes/financial', 'enforce', false]]],
    [{ ...rules({}), hide: ['pay'] }, undefined, [['policy', '/tools/pay', 'enforce', true]]],
    [
      { mode: 'shadow', ...rules({}) },
      { default: 'allow' },
      [
        ['baseline', '/default', 'enforce', false],
        ['policy', '/tools/pay', 'shadow', false],
      ],
    ],
  ])('%j under %j', (policy, baseline, speakers) => {
    expect(
      told(policy, {}, baseline).speakers.map(({ document, pointer, mode, hiddenBy }) => [
        document,
        pointer,
        mode,
        hiddenBy !== undefined,
      ]),
    ).toEqual(speakers);
  });
});

test('each limit counts, refuses, or leaves the call out', () => {
  const limits = [
    { counter: 'all', window: 'day', max: 5 },
    { counter: 'eur', window: 'day', max: 5, amount: 'args.eur' },
    { counter: 'large', window: 'day', max: 5, when: [on('args.n', 'gt', 100)] },
  ];
  const byKind = Object.fromEntries(told(rules({ limits }), { n: 1 }).limits.map((one) => [one.kind, one]));
  expect(byKind).toMatchObject({
    counts: { mode: 'enforce', reservation: { counter: 'all', add: 1 } },
    refuses: {
      rule: { pointer: '/tools/pay/limits/1' },
      note: 'is refused by the limit "eur": its amount is not a number that is not negative.',
    },
    'leaves out': { rule: { pointer: '/tools/pay/limits/2' }, trace: { kind: 'comparison', truth: FALSE, saw: [1] } },
  });
});

describe('what was seen at a path', () => {
  test.each<[string, object, readonly Json[]]>([
    ['args.a.b', { a: { b: 5 } }, [5]],
    ['args.a.b', { a: 5 }, []],
    ['args.a.b', {}, []],
    ['args.toString', {}, []],
    ['args.a[1]', { a: [1, 2] }, [2]],
    ['args.a[1]', { a: [1] }, []],
    ['args.a[1]', { a: { '1': 2 } }, []],
    ['args.a[*]', { a: [1, null, 3] }, [1, null, 3]],
    ['args.a[*].b', { a: [{ b: 1 }, {}, { b: 2 }] }, [1, 2]],
    ['args.a[*]', { a: 'text' }, []],
    ['args.a[*][*]', { a: [[1, 2], 3, [4]] }, [1, 2, 4]],
    ['tool.annotations.title', {}, ['Pay']],
    ['tool.annotations.hints[*]', {}, ['a', 'b']],
    ['tool.annotations.none', {}, []],
    ['grant.labels.team', {}, ['red']],
    ['grant.labels.none', {}, []],
    ['grant.name', {}, ['laptop']],
    ['grant.owner', {}, ['alice']],
    ['client.name', {}, ['cursor']],
    ['client.version', {}, ['1.2']],
    ['tool.name', {}, ['pay']],
    ['tool.class', {}, ['financial']],
  ])('%s in %j', (path, args, saw) => {
    const value = path === 'tool.class' ? 'read' : 'other';
    expect(traceOf(on(path, 'eq', value), args)).toMatchObject({ kind: 'comparison', path, op: 'eq', value, saw });
  });

  test('only the first of many values are shown', () => {
    const many = traceOf(on('args.a[*]', 'eq', 'x'), { a: Array.from({ length: 100 }, (_, index) => index) });
    const deep = traceOf(on('args.a[*][*]', 'eq', 'x'), {
      a: Array.from({ length: 100 }, (_, index) => [index, index]),
    });
    const saw = many?.kind === 'comparison' ? many.saw : [];
    expect(saw).toEqual(Array.from({ length: saw.length }, (_, index) => index));
    expect(saw.length).toBeLessThan(20);
    expect(deep?.kind === 'comparison' && deep.saw.length).toBe(saw.length);
  });

  test.each<[string, unknown, Json]>([
    ['time.hour', 10, 9],
    ['time.weekday', 'tuesday', 'monday'],
    ['time.date', '2026-01-06', '2026-01-05'],
  ])('the clock: %s', (path, value, saw) => {
    expect(traceOf(on(path, 'eq', value))).toMatchObject({ saw: [saw], truth: FALSE });
    expect(traceOf(on(path, 'eq', value), {}, { ...FACTS, at: Number.NaN })).toMatchObject({ saw: [], truth: UNKNOWN });
    expect(traceOf(on(path, 'eq', value), {}, { ...FACTS, at: 1e300 })).toMatchObject({ saw: [], truth: UNKNOWN });
  });

  test('counts of calls, known or not', () => {
    const condition = on('grant.calls["read"]', 'gt', 3, { within: '1h' });
    const key = JSON.stringify(['bank', 'calls', 'read', 3_600_000, 'grant', 'laptop']);
    expect(traceOf(condition)).toMatchObject({ saw: [], truth: UNKNOWN });
    expect(traceOf(condition, {}, { ...FACTS, calls: new Map([[key, 4]]) })).toMatchObject({ saw: [4], truth: TRUE });
  });
});

describe('groups of conditions', () => {
  const a = on('args.a', 'gt', 0);
  const b = on('args.b', 'gt', 0);
  const groups = (args: object): readonly [Truth | undefined, Truth | undefined] => [
    traceOf({ all: [a, b] }, args)?.truth,
    traceOf({ any: [a, b] }, args)?.truth,
  ];

  test.each<[object, Truth, Truth]>([
    [{ a: 1, b: 1 }, TRUE, TRUE],
    [{ a: 1, b: 0 }, FALSE, TRUE],
    [{ a: 0, b: 1 }, FALSE, TRUE],
    [{ a: 0, b: 0 }, FALSE, FALSE],
    [{ a: 'x', b: 1 }, UNKNOWN, TRUE],
    [{ a: 1, b: 'x' }, UNKNOWN, TRUE],
    [{ a: 'x', b: 0 }, FALSE, UNKNOWN],
    [{ a: 0, b: 'x' }, FALSE, UNKNOWN],
    [{ a: 'x', b: 'x' }, UNKNOWN, UNKNOWN],
  ])('all and any over %j', (args, all, any) => {
    expect(groups(args)).toEqual([all, any]);
  });

  test('keep their parts in the order of the document, and one alone is itself', () => {
    expect(traceOf({ all: [b, a] }, { a: 1, b: 0 })).toMatchObject({
      kind: 'all',
      truth: FALSE,
      parts: [
        { path: 'args.b', saw: [0], truth: FALSE, isNegated: false },
        { path: 'args.a', saw: [1], truth: TRUE, isNegated: false },
      ],
    });
    expect(traceOf({ any: [a] })?.kind).toBe('comparison');
    expect(traceOf({ not: { all: [a, b] } }, { a: 1, b: 1 })).toMatchObject({
      kind: 'any',
      truth: FALSE,
      parts: [{ isNegated: true }, { isNegated: true }],
    });
  });
});

describe('what would have to come out otherwise', () => {
  const leaf = (path: string, truth: Truth): Trace => ({
    kind: 'comparison',
    path,
    op: 'eq',
    value: 1,
    beside: [],
    isNegated: false,
    saw: [],
    truth,
  });
  const named = (traces: readonly { readonly path: string }[]): string => traces.map(({ path }) => path).join(' ');
  const [yes, no, maybe] = [leaf('yes', TRUE), leaf('no', FALSE), leaf('maybe', UNKNOWN)];
  const all = (truth: Truth, ...parts: readonly Trace[]): Trace => ({ kind: 'all', parts, truth });
  const any = (truth: Truth, ...parts: readonly Trace[]): Trace => ({ kind: 'any', parts, truth });

  test.each<[Trace, string, string]>([
    [yes, '', 'yes'],
    [no, 'no', ''],
    [maybe, 'maybe', 'maybe'],
    [all(FALSE, yes, no, maybe), 'no maybe', ''],
    [all(TRUE, yes, leaf('too', TRUE)), '', 'yes'],
    [all(UNKNOWN, maybe, yes), 'maybe', 'maybe'],
    [any(FALSE, all(FALSE, no, leaf('nor', FALSE)), no), 'no', ''],
    [any(FALSE, no, all(FALSE, leaf('nor', FALSE), no)), 'no', ''],
    [any(TRUE, yes, no, leaf('too', TRUE)), '', 'yes too'],
    [all(TRUE, any(TRUE, yes, leaf('too', TRUE)), leaf('three', TRUE)), '', 'three'],
    [any(FALSE), '', ''],
  ])('%j', (trace, missing, needed) => {
    expect(named(missingFor(trace))).toBe(missing);
    expect(named(causesOf(trace))).toBe(needed);
  });
});
