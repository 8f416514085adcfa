import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import { compilePolicy } from './compile.ts';
import { decide } from './decide.ts';
import type { Effect, Facts, Subject, Target } from './decision.ts';

const SUBJECT: Subject = {
  grant: { name: 'alice-laptop', owner: 'alice', labels: { env: 'dev', 'cost center': '42' } },
  server: 'bank',
  session: 's1',
  client: { name: 'claude', version: undefined },
};
const TARGET: Target = { class: 'financial', definition: undefined };
// Thursday, 31 December 2026, 23:30 UTC; Friday, 1 January 2027, 00:30 in Berlin.
const FACTS: Facts = { at: Date.UTC(2026, 11, 31, 23, 30), calls: new Map() };

function read(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

function argumentsOf(value: unknown): JsonObject {
  const json = read(value);
  if (!isObject(json)) throw new Error('arguments are an object');
  return json;
}

function effect(purpose: 'require' | 'deny_if', conditions: readonly unknown[], args: unknown): Effect {
  const rules = { [purpose]: [{ conditions }] };
  const compiled = compilePolicy(read({ version: '1', default: 'deny', tools: { pay: rules } }), 'policy');
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  const call = {
    kind: 'tool',
    method: 'tools/call',
    name: 'pay',
    args: argumentsOf(args),
    params: argumentsOf({}),
  } as const;
  return decide({ policy: compiled.policy, baseline: undefined }, SUBJECT, call, TARGET, FACTS).effect;
}

/** What a condition comes to, seen from both sides: only an unknown one both fails a requirement and bites as a denial. */
function judged(condition: unknown, args: unknown): string {
  const met = effect('require', [condition], args) === 'allow';
  const bites = effect('deny_if', [condition], args) === 'deny';
  if (met) return bites ? 'true' : 'both ways';
  return bites ? 'unknown' : 'false';
}

function argument(op: string, value: unknown, more: object = {}): object {
  return { path: 'args.x', op, value, ...more };
}

const rows = {
  eq: [
    [argument('eq', 5), { x: 5 }, 'true'],
    [argument('eq', 5), { x: 6 }, 'false'],
    [argument('eq', 5), {}, 'false'],
    [argument('eq', 5), { x: null }, 'false'],
    [argument('eq', null), { x: null }, 'true'],
    [argument('eq', null), {}, 'false'],
    [argument('eq', { a: [1, { b: null }] }), { x: { a: [1, { b: null }] } }, 'true'],
    [argument('eq', { a: 1, b: 2 }), { x: { b: 2, a: 1 } }, 'true'],
    [argument('eq', { a: 1 }), { x: { a: 1, b: 2 } }, 'false'],
    [argument('eq', [1, 2]), { x: [2, 1] }, 'false'],
  ],
  neq: [
    [argument('neq', 5), { x: 6 }, 'true'],
    [argument('neq', 5), { x: 5 }, 'false'],
    [argument('neq', 5), {}, 'false'],
    [argument('neq', 5), { x: null }, 'false'],
    [argument('neq', 5), { x: [5] }, 'true'],
  ],
  in: [
    [argument('in', ['EUR', 'USD']), { x: 'EUR' }, 'true'],
    [argument('in', ['EUR', 'USD']), { x: 'eur' }, 'false'],
    [argument('in', ['EUR', 'USD']), {}, 'false'],
    [argument('in', ['EUR', null]), { x: null }, 'true'],
    [argument('in', [['a'], { b: 1 }]), { x: { b: 1 } }, 'true'],
    [argument('in', []), { x: 1 }, 'false'],
  ],
  not_in: [
    [argument('not_in', ['EUR']), { x: 'USD' }, 'true'],
    [argument('not_in', ['EUR']), { x: 'EUR' }, 'false'],
    [argument('not_in', ['EUR']), {}, 'false'],
  ],
  order: [
    [argument('lt', 5), { x: 4.5 }, 'true'],
    [argument('lt', 5), { x: 5 }, 'false'],
    [argument('lte', 5), { x: 5 }, 'true'],
    [argument('lte', 5), { x: 5.1 }, 'false'],
    [argument('gt', 5), { x: 5.1 }, 'true'],
    [argument('gt', 5), { x: 5 }, 'false'],
    [argument('gte', 5), { x: 5 }, 'true'],
    [argument('gte', 5), { x: 4 }, 'false'],
    [argument('gt', 5), {}, 'false'],
    [argument('gt', 5), { x: null }, 'false'],
    [argument('gt', 5), { x: '9' }, 'unknown'],
    [argument('lte', 5), { x: true }, 'unknown'],
    [argument('lte', 5), { x: [1] }, 'unknown'],
  ],
  exists: [
    [argument('exists', true), { x: 0 }, 'true'],
    [argument('exists', true), {}, 'false'],
    [argument('exists', true), { x: null }, 'false'],
    [argument('exists', false), {}, 'true'],
    [argument('exists', false), { x: null }, 'true'],
    [argument('exists', false), { x: '' }, 'false'],
  ],
  regex: [
    [argument('regex', '^a+b$'), { x: 'aab' }, 'true'],
    [argument('regex', 'b'), { x: 'aba' }, 'true'],
    [argument('regex', '^prod$'), { x: 'prod\n' }, 'false'],
    [argument('regex', 'DROP'), { x: 'drop table' }, 'false'],
    [argument('regex', 'DROP', { ignore_case: true }), { x: 'drop table' }, 'true'],
    [argument('regex', 'a'), {}, 'false'],
    [argument('regex', '5'), { x: 5 }, 'unknown'],
    [argument('regex', 'a'), { x: ['a'] }, 'unknown'],
    [argument('regex', '[a-z]'), { x: `${'a'.repeat(1_000_001)}` }, 'unknown'],
  ],
  contains: [
    [argument('contains', 'ell'), { x: 'hello' }, 'true'],
    [argument('contains', 'ELL'), { x: 'hello' }, 'false'],
    [argument('contains', 'MASK', { ignore_case: true }), { x: 'unma\u017f\u212aed' }, 'true'],
    [argument('contains', 2), { x: [1, 2] }, 'true'],
    [argument('contains', { a: 1 }), { x: [{ a: 1 }] }, 'true'],
    [argument('contains', 'a'), { x: ['ab'] }, 'false'],
    [argument('contains', 'A', { ignore_case: true }), { x: ['a'] }, 'true'],
    [argument('contains', 2), { x: [] }, 'false'],
    [argument('contains', null), { x: [1, null] }, 'true'],
    [argument('contains', 'a'), {}, 'false'],
    [argument('contains', 'a'), { x: { a: 1 } }, 'unknown'],
    [argument('contains', '5'), { x: 55 }, 'unknown'],
    [argument('contains', 5), { x: '55' }, 'unknown'],
  ],
  paths: [
    [{ path: 'args.a.b', op: 'eq', value: 1 }, { a: { b: 1 } }, 'true'],
    [{ path: 'args.a.b', op: 'exists', value: false }, { a: 'text' }, 'unknown'],
    [{ path: 'args.a.b', op: 'exists', value: false }, { a: [1] }, 'unknown'],
    [{ path: 'args.a.b', op: 'exists', value: false }, { a: null }, 'true'],
    [{ path: 'args["a b"][1]', op: 'eq', value: 1 }, { 'a b': [0, 1] }, 'true'],
    [{ path: 'args.a[7]', op: 'exists', value: false }, { a: [0] }, 'true'],
    [{ path: 'args.a[0]', op: 'eq', value: 1 }, { a: { 0: 1 } }, 'unknown'],
    [{ path: 'args.constructor', op: 'exists', value: true }, {}, 'false'],
    [{ path: 'args.__proto__', op: 'exists', value: true }, {}, 'false'],
    [{ path: 'args.a[*]', op: 'eq', value: 1 }, { a: 'text' }, 'unknown'],
    [{ path: 'args.a[*]', op: 'eq', value: 1 }, {}, 'false'],
    [{ path: 'args.a[*]', op: 'eq', value: 1 }, { a: [] }, 'false'],
    [{ path: 'args.a[*]', op: 'eq', value: 1 }, { a: [1, 1] }, 'true'],
  ],
  facts: [
    [{ path: 'tool.name', op: 'eq', value: 'pay' }, {}, 'true'],
    [{ path: 'tool.class', op: 'in', value: ['financial'] }, {}, 'true'],
    [{ path: 'grant.name', op: 'regex', value: '-laptop$' }, {}, 'true'],
    [{ path: 'grant.owner', op: 'eq', value: 'bob' }, {}, 'false'],
    [{ path: 'grant.labels.env', op: 'eq', value: 'dev' }, {}, 'true'],
    [{ path: 'grant.labels["cost center"]', op: 'eq', value: '42' }, {}, 'true'],
    [{ path: 'grant.labels.toString', op: 'exists', value: true }, {}, 'false'],
    [{ path: 'time.hour', op: 'gte', value: 23 }, {}, 'true'],
    [{ path: 'time.weekday', op: 'eq', value: 'thursday' }, {}, 'true'],
    [{ path: 'time.date', op: 'eq', value: '2026-12-31' }, {}, 'true'],
    [{ path: 'time.hour', op: 'eq', value: 0, timezone: 'Europe/Berlin' }, {}, 'true'],
    [{ path: 'time.weekday', op: 'eq', value: 'friday', timezone: 'Europe/Berlin' }, {}, 'true'],
    [{ path: 'time.date', op: 'eq', value: '2027-01-01', timezone: 'Europe/Berlin' }, {}, 'true'],
  ],
  connectives: [
    [{ not: argument('eq', 1) }, {}, 'true'],
    [{ not: argument('eq', 1) }, { x: 1 }, 'false'],
    [{ not: argument('gt', 1) }, { x: 'many' }, 'unknown'],
    [{ not: { not: argument('eq', 1) } }, { x: 1 }, 'true'],
    [{ all: [argument('gt', 1), argument('gt', 2)] }, { x: 2 }, 'false'],
    [{ all: [argument('exists', false), argument('gt', 2)] }, { x: 'a' }, 'false'],
    [{ all: [argument('exists', true), argument('gt', 2)] }, { x: 'a' }, 'unknown'],
    [{ any: [argument('exists', true), argument('gt', 2)] }, { x: 'a' }, 'true'],
    [{ any: [argument('exists', false), argument('gt', 2)] }, { x: 'a' }, 'unknown'],
    [{ not: { any: [argument('eq', 1), argument('eq', 2)] } }, { x: 3 }, 'true'],
    [{ not: { all: [argument('gt', 0), argument('lt', 9)] } }, { x: 3 }, 'false'],
  ],
} as const;

describe.each(Object.entries(rows))('%s', (_, cases) => {
  test.each(cases.map((row) => [...row] as const))('%j on %j is %s', (condition, args, expected) => {
    expect(judged(condition, args)).toBe(expected);
  });
});

describe('what a coercing server could take for the refused value is refused', () => {
  test.each([
    [5, '5'],
    [5, ' 5.0 '],
    [5, '\uff15'],
    ['5', 5],
    [true, 'True'],
    [true, 1],
    ['true', true],
    [false, 'off'],
    [{ n: 5 }, { n: '5' }],
  ])('deny_if eq %j bites on %j, and so does its denial', (wanted, found) => {
    expect(effect('deny_if', [argument('eq', wanted)], { x: found })).toBe('deny');
    expect(effect('deny_if', [argument('in', [wanted, 'other'])], { x: found })).toBe('deny');
    expect(effect('deny_if', [{ not: argument('neq', wanted) }], { x: found })).toBe('deny');
    expect(effect('require', [argument('eq', wanted)], { x: found })).toBe('deny');
  });

  test.each([
    [5, '6'],
    ['5', '5.0'],
    ['on', 'true'],
    [0, ''],
    ['', 0],
  ])('deny_if eq %j passes %j', (wanted, found) => {
    expect(effect('deny_if', [argument('eq', wanted)], { x: found })).toBe('allow');
    expect(effect('deny_if', [argument('in', [wanted])], { x: found })).toBe('allow');
  });

  test('in lists too', () => {
    expect(effect('deny_if', [argument('contains', 5)], { x: ['4', '5'] })).toBe('deny');
    expect(effect('deny_if', [argument('contains', 'null')], { x: [null] })).toBe('deny');
    expect(effect('deny_if', [argument('contains', 5)], { x: ['55'] })).toBe('allow');
  });

  test('a requirement of difference is met by another type, for nothing is coerced there', () => {
    expect(effect('require', [argument('neq', 5)], { x: '5' })).toBe('allow');
  });
});

describe('[*]', () => {
  const to = (op: string, value: unknown) => ({ path: 'args.to[*].mail', op, value });
  const mails = (...list: unknown[]) => ({ to: list.map((mail) => ({ mail })) });

  test('every element must meet a requirement', () => {
    expect(effect('require', [to('regex', '@own\\.org$')], mails('a@own.org', 'b@own.org'))).toBe('allow');
    expect(effect('require', [to('regex', '@own\\.org$')], mails('a@own.org', 'b@evil.org'))).toBe('deny');
    expect(effect('require', [{ not: to('regex', 'evil') }], mails('a@own.org', 'b@evil.org'))).toBe('deny');
  });

  test('any element triggers a denial, negated or not', () => {
    expect(effect('deny_if', [to('regex', 'evil')], mails('a@own.org', 'b@evil.org'))).toBe('deny');
    expect(effect('deny_if', [{ not: to('regex', '@own\\.org$') }], mails('a@own.org', 'b@evil.org'))).toBe('deny');
    expect(effect('deny_if', [{ not: to('regex', '@own\\.org$') }], mails('a@own.org'))).toBe('allow');
  });

  test('an empty list fails a requirement, even a negated one, and triggers nothing', () => {
    expect(effect('require', [{ not: to('regex', 'evil') }], mails())).toBe('deny');
    expect(effect('deny_if', [{ not: to('regex', '@own\\.org$') }], mails())).toBe('allow');
  });

  test('lists within lists', () => {
    const cell = { path: 'args.rows[*][*]', op: 'lt', value: 10 };
    expect(effect('require', [cell], { rows: [[1], [2, 3]] })).toBe('allow');
    expect(effect('require', [cell], { rows: [[1], []] })).toBe('deny');
    expect(effect('deny_if', [cell], { rows: [[], [11, 3]] })).toBe('deny');
  });

  test('one element that cannot be judged bites', () => {
    expect(effect('require', [to('regex', 'own')], mails('own', 7))).toBe('deny');
    expect(effect('deny_if', [to('regex', 'evil')], mails('own', 7))).toBe('deny');
  });
});

test('only the whole entry is resolved: a false condition beside an unknown one lets a deny_if rest', () => {
  const entry = [argument('gt', 100), { path: 'args.currency', op: 'eq', value: 'EUR' }];
  expect(effect('deny_if', entry, { x: 'lots', currency: 'USD' })).toBe('allow');
  expect(effect('deny_if', entry, { x: 'lots', currency: 'EUR' })).toBe('deny');
});

test('a clumsy pattern against a hostile text is given up, and refused', () => {
  const clumsy = argument('regex', '(?:a|b)*a(?:a|b){400}[^ab]$');
  expect(judged(clumsy, { x: 'ab'.repeat(50_000) })).toBe('unknown');
});

describe('what the client says of itself', () => {
  const rule = (purpose: 'require' | 'deny_if'): Json => ({
    version: '1',
    default: 'deny',
    tools: { pay: { [purpose]: [{ conditions: [{ path: 'client.name', op: 'eq', value: 'claude' }] }] } },
  });

  test('may refuse a call', () => {
    const compiled = compilePolicy(rule('deny_if'), 'policy');
    expect(compiled.kind).toBe('policy');
  });

  test('may not be required, for then a name that anybody can take would open a door', () => {
    const compiled = compilePolicy(rule('require'), 'policy');
    expect(compiled).toMatchObject({
      kind: 'problems',
      problems: [{ pointer: '/tools/pay/require/0/conditions/0/path' }],
    });
  });
});
