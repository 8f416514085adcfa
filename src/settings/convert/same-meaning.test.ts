import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../policy/compile.ts';
import { decide } from '../../policy/decide.ts';
import type { Subject } from '../../policy/decision.ts';
import type { Policies } from '../../policy/policy.ts';
import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { convertIntercept } from './convert-intercept.ts';

const RUNS = 2_000;
const SEED = 20_261_121;

// ---- Intercept as its source reads, told once more and as plainly as possible ----

interface Condition {
  path: string;
  op: string;
  value: unknown;
}
interface Rule {
  name: string;
  action?: string;
  rate_limit?: string;
  conditions?: Condition[];
  state?: { counter: string; window: string; increment?: number; increment_from?: string };
}
interface Intercept {
  version: '1';
  default?: string;
  hide?: string[];
  tools: Record<string, { rules: Rule[] } | null | undefined>;
}
interface Call {
  name: string;
  args: Record<string, unknown>;
  at: number;
}
type Counters = Map<string, { value: number; start: number }>;
type Verdict = 'allow' | 'ask' | 'deny';

const LENGTH: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Go's `%v`. */
function printed(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${members.map(([key, member]) => `${key}:${printed(member)}`).join(' ')}]`;
  }
  return typeof value === 'number' ? printedFloat(value) : String(value);
}

function printedFloat(value: number): string {
  const [digits = '', power = '0'] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function equals(actual: unknown, expected: unknown): boolean {
  if (typeof actual === 'number' && typeof expected === 'number') return actual === expected;
  // What a YAML file writes as a whole number stays one, and is printed with all its digits.
  const written = typeof expected === 'number' && Number.isInteger(expected) ? String(expected) : printed(expected);
  return printed(actual) === written;
}

function at(args: Record<string, unknown>, path: string): { exists: boolean; value: unknown } {
  let found: unknown = args;
  for (const step of path.slice('args.'.length).split('.')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return { exists: false, value: null };
    if (!Object.hasOwn(found, step)) return { exists: false, value: null };
    found = (found as Record<string, unknown>)[step];
  }
  return { exists: true, value: found };
}

function compares(op: string, actual: unknown, expected: unknown): boolean {
  const numbers = typeof actual === 'number' && typeof expected === 'number';
  switch (op) {
    case 'eq':
      return equals(actual, expected);
    case 'neq':
      return !equals(actual, expected);
    case 'in':
      return (expected as unknown[]).some((one) => equals(actual, one));
    case 'not_in':
      return !(expected as unknown[]).some((one) => equals(actual, one));
    case 'lt':
      return numbers && actual < expected;
    case 'lte':
      return numbers && actual <= expected;
    case 'gt':
      return numbers && actual > expected;
    case 'gte':
      return numbers && actual >= expected;
    case 'regex':
      return typeof actual === 'string' && new RegExp(String(expected)).test(actual);
    case 'contains':
      if (typeof actual === 'string') return typeof expected === 'string' && actual.includes(expected);
      return Array.isArray(actual) && actual.some((one) => equals(one, expected));
    default:
      throw new Error(op);
  }
}

function current(counters: Counters, key: string, window: string, now: number): number {
  const length = LENGTH[window] ?? Number.NaN;
  const kept = counters.get(key);
  return kept !== undefined && kept.start === Math.floor(now / length) * length ? kept.value : 0;
}

function met(condition: Condition, call: Call, rules: [string, Rule][], counters: Counters): boolean {
  const { path, op, value } = condition;
  if (path.startsWith('state.')) {
    const key = path.slice('state.'.length);
    const [, owner] = rules.find(([scope, { state }]) => `${scope}.${state?.counter}` === key) ?? [];
    return compares(op, current(counters, key, owner?.state?.window ?? 'day', call.at), value);
  }
  const found = at(call.args, path);
  if (op === 'exists') return (found.exists && found.value !== null) === value;
  return found.exists && compares(op, found.value, value);
}

function longhand(scope: string, rule: Rule): Rule {
  if (rule.rate_limit === undefined) return rule;
  const [count, window = ''] = rule.rate_limit.split('/');
  const counter = `_rate_${window}`;
  return {
    name: rule.name,
    conditions: [{ path: `state.${scope}.${counter}`, op: 'lte', value: Number(count) }],
    state: { counter, window },
  };
}

/** What Intercept says, and what to do to its counters if the call is made. */
function intercept(policy: Intercept, call: Call, counters: Counters): { verdict: Verdict; commit(): void } {
  const done = (verdict: Verdict) => ({ verdict, commit: () => {} });
  if (policy.hide?.some((name) => name === call.name || name === '*')) return done('deny');
  if (policy.default === 'deny' && !Object.hasOwn(policy.tools, call.name)) return done('deny');
  const own = Object.hasOwn(policy.tools, call.name) ? (policy.tools[call.name]?.rules ?? []) : [];
  const rules: [string, Rule][] = [
    ...own.map((rule): [string, Rule] => [call.name, longhand(call.name, rule)]),
    ...(policy.tools['*']?.rules ?? []).map((rule): [string, Rule] => ['_global', longhand('_global', rule)]),
  ];
  let isAsked = false;
  for (const [, rule] of rules) {
    if (rule.action === 'deny') return done('deny');
    const holds = (rule.conditions ?? []).every((condition) => met(condition, call, rules, counters));
    if (rule.action === 'require_approval') isAsked ||= holds;
    else if (!holds) return done('deny');
  }
  const steps: (() => void)[] = [];
  for (const [scope, rule] of rules) {
    if (rule.state === undefined) continue;
    const { counter, window, increment, increment_from: from } = rule.state;
    const key = `${scope}.${counter}`;
    const added = from === undefined ? { exists: true, value: increment || 1 } : at(call.args, from);
    if (!added.exists || typeof added.value !== 'number') return done('deny');
    const amount = Math.trunc(added.value);
    const bound = rule.conditions?.find(({ path, op }) => path === `state.${key}` && (op === 'lt' || op === 'lte'));
    if (bound === undefined) continue;
    const limit = Math.trunc(Number(bound.value)) - (bound.op === 'lt' ? 1 : 0);
    const before = current(counters, key, window, call.at);
    if (before + amount > limit) return done('deny');
    const length = LENGTH[window] ?? Number.NaN;
    steps.push(() => counters.set(key, { value: before + amount, start: Math.floor(call.at / length) * length }));
  }
  return {
    verdict: isAsked ? 'ask' : 'allow',
    commit: () => {
      for (const step of steps) step();
    },
  };
}

// ---- The converted policy, judged by the engine, with counters that anyone can check ----

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'bank',
  session: 's1',
  client: { name: undefined, version: undefined },
};

function json(value: unknown): Json {
  const read = readJson(JSON.stringify(value), STRICT);
  if (read.kind === 'fault') throw new Error(read.reason);
  return read.value;
}

function object(value: unknown): JsonObject {
  const read = json(value);
  if (!isObject(read)) throw new Error('no object');
  return read;
}

function converted(policy: Intercept): Policies {
  const result = convertIntercept(json(policy));
  if (result.kind === 'problems') throw new Error(JSON.stringify(result.problems));
  const compiled = compilePolicy(result.document, 'policy');
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  return { policy: compiled.policy, baseline: undefined };
}

function toolgate(policies: Policies, call: Call, sums: Map<string, number>): { verdict: Verdict; commit(): void } {
  const message = {
    kind: 'tool',
    method: 'tools/call',
    name: call.name,
    args: object(call.args),
    params: object({}),
  } as const;
  const target = { class: 'unknown', definition: undefined } as const;
  const { effect, reservations } = decide(policies, SUBJECT, message, target, { at: call.at, calls: new Map() });
  const added = new Map<string, number>();
  for (const { key, period, add, max } of reservations) {
    const counter = `${key} ${period?.from}`;
    const sum = (sums.get(counter) ?? 0) + add;
    if (sum > max) return { verdict: 'deny', commit: () => {} };
    added.set(counter, sum);
  }
  const commit = (): void => {
    for (const [counter, sum] of added) sums.set(counter, sum);
  };
  return { verdict: effect === 'require_approval' ? 'ask' : effect, commit };
}

const STRICTNESS: Record<Verdict, number> = { allow: 0, ask: 1, deny: 2 };

/** Both answers to each call; only what both let pass is made. */
function answers(policy: Intercept, calls: Call[]): { call: Call; theirs: Verdict; ours: Verdict }[] {
  const policies = converted(policy);
  const counters: Counters = new Map();
  const sums = new Map<string, number>();
  return calls.map((call) => {
    const theirs = intercept(policy, call, counters);
    const ours = toolgate(policies, call, sums);
    if (theirs.verdict === 'allow' && ours.verdict === 'allow') {
      theirs.commit();
      ours.commit();
    }
    return { call, theirs: theirs.verdict, ours: ours.verdict };
  });
}

// ---- What is tried ----

interface Kind {
  readonly conditions: fc.Arbitrary<Condition>;
  readonly args: fc.Arbitrary<Record<string, unknown>>;
}

const TOOLS = ['pay', 'send', 'list.all'];

/** Arguments of any type, with all that Go prints alike. */
const WILD_VALUES = [5, '5', -1, '-1', 1_000_000, '1e+06', true, 'true', 'main', ''];
const wildValue = fc.constantFrom<unknown>(...WILD_VALUES, null, [], ['main'], [5], ['5', null], { c: 5 }, { c: 'x' });
const wildPath = fc.constantFrom('args.a', 'args.b', 'args.b.c', 'args.b.0', 'args.no way');
const wild: Kind = {
  conditions: fc.oneof(
    fc.record({
      path: wildPath,
      op: fc.constantFrom('eq', 'neq', 'contains'),
      value: fc.constantFrom<unknown>(...WILD_VALUES),
    }),
    fc.record({
      path: wildPath,
      op: fc.constantFrom('in', 'not_in'),
      value: fc.array(fc.constantFrom<unknown>(...WILD_VALUES), { maxLength: 3 }),
    }),
    fc.record({ path: wildPath, op: fc.constantFrom('lt', 'lte', 'gt', 'gte'), value: fc.constantFrom(5, 0, 5.5) }),
    fc.record({ path: wildPath, op: fc.constant('regex'), value: fc.constantFrom('^ma', '5$', '') }),
    fc.record({ path: wildPath, op: fc.constant('exists'), value: fc.boolean() }),
  ),
  args: fc.record({ a: wildValue, b: wildValue, 'no way': wildValue }, { requiredKeys: [] }),
};

/** Arguments as the tools mean them: each of its own type. */
const text = fc.constantFrom('main', 'dev', 'feat/x', 'maintain');
const whole = fc.integer({ min: 0, max: 12 });
const tame: Kind = {
  conditions: fc.oneof(
    fc.record({ path: fc.constant('args.a'), op: fc.constantFrom('eq', 'neq', 'contains'), value: text }),
    fc.record({
      path: fc.constant('args.a'),
      op: fc.constantFrom('in', 'not_in'),
      value: fc.array(text, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({ path: fc.constant('args.a'), op: fc.constant('regex'), value: fc.constantFrom('^ma', 'v$', 'feat/') }),
    fc.record({
      path: fc.constantFrom('args.b', 'args.n.c'),
      op: fc.constantFrom('lt', 'lte', 'gt', 'gte', 'eq', 'neq'),
      value: whole,
    }),
    fc.record({ path: fc.constantFrom('args.a', 'args.n.c'), op: fc.constant('exists'), value: fc.boolean() }),
  ),
  args: fc.record({ a: text, b: whole, n: fc.record({ c: whole }, { requiredKeys: [] }) }, { requiredKeys: [] }),
};

function ruleOf({ conditions }: Kind, scope: string): fc.Arbitrary<Rule> {
  const some = fc.array(conditions, { minLength: 1, maxLength: 3 });
  const window = fc.constantFrom('minute', 'hour', 'day');
  const evaluate = fc.record({ name: fc.constant('evaluate'), conditions: some });
  const approve = fc.record({
    name: fc.constant('approve'),
    action: fc.constant('require_approval'),
    conditions: fc.array(conditions, { maxLength: 2 }),
  });
  const deny = fc.constant<Rule>({ name: 'deny', action: 'deny' });
  const rate = fc
    .record({ count: fc.integer({ min: 1, max: 4 }), window })
    .map(({ count, window: word }): Rule => ({ name: 'rate', rate_limit: `${count}/${word}` }));
  const state = fc
    .record({
      window,
      op: fc.constantFrom('lt', 'lte'),
      value: fc.constantFrom(1, 2, 3.5, 7, 20),
      step: fc.constantFrom<{ increment?: number; increment_from?: string }>(
        {},
        { increment: 0 },
        { increment: 3 },
        { increment_from: 'args.b' },
      ),
      more: fc.array(conditions, { maxLength: 1 }),
    })
    .map(({ window: word, op, value, step, more }): Rule => {
      const conditions = [...more, { path: `state.${scope}.count`, op, value }];
      return { name: 'state', conditions, state: { counter: 'count', window: word, ...step } };
    });
  return fc.oneof(
    { arbitrary: evaluate, weight: 5 },
    { arbitrary: approve, weight: 2 },
    { arbitrary: rate, weight: 2 },
    { arbitrary: state, weight: 3 },
    { arbitrary: deny, weight: 1 },
  );
}

function toolOf(kind: Kind, scope: string): fc.Arbitrary<{ rules: Rule[] } | null> {
  // A tool may name each counter once.
  const counterOf = (rule: Rule): string => rule.rate_limit ?? rule.state?.counter ?? `${JSON.stringify(rule)}`;
  const key = (rule: Rule): string => (rule.rate_limit ? (rule.rate_limit.split('/')[1] ?? '') : counterOf(rule));
  const rules = fc.uniqueArray(ruleOf(kind, scope), { maxLength: 3, selector: key });
  return fc.oneof(
    { arbitrary: rules.map((all) => ({ rules: all })), weight: 8 },
    { arbitrary: fc.constant(null), weight: 1 },
  );
}

function policyOf(kind: Kind): fc.Arbitrary<Intercept> {
  const tables = Object.fromEntries(
    [...TOOLS, '*'].map((name) => [name, toolOf(kind, name === '*' ? '_global' : name)]),
  );
  return fc.record(
    {
      version: fc.constant('1' as const),
      default: fc.constantFrom('allow', 'deny'),
      hide: fc.constantFrom([], [], [], ['pay'], ['*']),
      tools: fc.record(tables, { requiredKeys: [] }),
    },
    { requiredKeys: ['version', 'tools'] },
  );
}

function callsOf({ args }: Kind): fc.Arbitrary<Call[]> {
  const call = fc.record({
    name: fc.constantFrom(...TOOLS, 'other'),
    args,
    after: fc.constantFrom(0, 1_000, 40_000, 4e6),
  });
  return fc.array(call, { minLength: 1, maxLength: 15 }).map((calls) => {
    let now = Date.UTC(2026, 10, 21, 23, 59);
    return calls.map(({ name, args: given, after }) => {
      now += after;
      return { name, args: given, at: now };
    });
  });
}

describe(`a converted policy (${RUNS} runs, seed ${SEED})`, () => {
  test('lets nothing pass that Intercept denies, and nothing unasked that it asks for, whatever the arguments', () => {
    fc.assert(
      fc.property(policyOf(wild), callsOf(wild), (policy, calls) => {
        const looser = answers(policy, calls).filter(({ theirs, ours }) => STRICTNESS[ours] < STRICTNESS[theirs]);
        expect(looser).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test('says what Intercept says of arguments of the types that are meant', () => {
    fc.assert(
      fc.property(policyOf(tame), callsOf(tame), (policy, calls) => {
        const other = answers(policy, calls).filter(({ theirs, ours }) => ours !== theirs);
        expect(other).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  test('of such policies and calls every answer comes up often', () => {
    const seen = { allow: 0, ask: 0, deny: 0 };
    for (const [policy, calls] of fc.sample(fc.tuple(policyOf(tame), callsOf(tame)), { numRuns: RUNS, seed: SEED })) {
      for (const { theirs } of answers(policy, calls)) seen[theirs]++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
  });
});
