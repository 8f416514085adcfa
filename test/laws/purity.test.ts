import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { isArray, isObject, type Json } from '../../src/wire/json.ts';
import { documents, type Moment, moment, toolCall } from './arbitrary.ts';
import { strictObject } from './arbitrary-value.ts';
import { compiled, decideAt, factsOf, REMEMBERED } from './engine.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value))
    Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}

afterEach(() => vi.unstubAllGlobals());

/** Runs with the clock, chance and the surroundings out of reach. */
function isolated<T>(run: () => T): T {
  const forbidden = (name: string) => new Proxy(() => 0, { apply: fail(name), construct: fail(name), get: fail(name) });
  for (const name of ['Date', 'process', 'performance', 'crypto', 'fetch', 'setTimeout', 'queueMicrotask'])
    vi.stubGlobal(name, forbidden(name));
  const { random } = Math;
  Math.random = fail('Math.random');
  try {
    return run();
  } finally {
    Math.random = random;
    vi.unstubAllGlobals();
  }
}

function fail(name: string): () => never {
  return () => {
    throw new Error(`the judge reached for ${name}`);
  };
}

const anyJson = fc.jsonValue({ maxDepth: 4 }).map((value) => strictObject({ value }));
const anyMoment: fc.Arbitrary<Moment> = fc
  .record({
    known: moment,
    name: fc.oneof(
      fc.string(),
      fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '*', '\u0000', '💥'),
    ),
    given: fc.oneof(
      anyJson.map((one) => strictObject({ a: one['value'], list: one['value'], points: [one['value']], point: one })),
      anyJson,
    ),
    at: fc.oneof(fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 9e15, -9e15, 0, -1), fc.double()),
    text: fc.string(),
  })
  .map(({ known, name, given, at, text }) => ({
    subject: {
      grant: { name: text, owner: text, labels: { env: text } },
      server: text,
      session: text,
      client: { name: text, version: undefined },
    },
    call: toolCall(name, given),
    target: known.target,
    facts: { at },
    counts: known.counts,
  }));

describe(`the judge knows nothing (${TRIALS})`, () => {
  test('law 6: decide is deterministic, reads nothing but its arguments and changes none of them', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, given) => {
        const policies = compiled(frozen(raw), REMEMBERED);
        const at = frozen(given);
        const facts = factsOf(policies, at);
        const first = isolated(() => decide(policies, at.subject, at.call, at.target, facts));
        const again = decide(compiled(raw, REMEMBERED), at.subject, at.call, at.target, facts);
        expect(again).toEqual(first);
        expect(decide(policies, at.subject, at.call, at.target, facts)).toEqual(first);
        expect(isDeeplyFrozen(first)).toBe(true);
      }),
    );
  });

  test('law 6: decide is total: any name, arguments, subject and time have an answer', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, anyMoment, (raw, at) => {
        const decision = decideAt(raw, at);
        expect(['allow', 'require_approval', 'deny']).toContain(decision.effect);
        expect(decision.reason).not.toBe('');
        if (decision.effect === 'deny') expect(decision.reservations).toEqual([]);
      }),
    );
  });

  test('law 6: arguments nested as deep as the reader allows have an answer', () => {
    let deep: Json = 'bottom';
    for (let i = 0; i < 90; i++) deep = i % 2 === 0 ? [deep] : strictObject({ a: deep });
    const policy = strictObject({
      version: '1',
      default: 'allow',
      tools: { t: { deny_if: [{ conditions: [{ path: 'args.a', op: 'eq', value: deep }] }] } },
    });
    const [at] = fc.sample(moment, { numRuns: 1, seed: 1 });
    if (at === undefined) throw new Error('no sample');
    expect(isObject(deep) || isArray(deep)).toBe(true);
    const call = toolCall('t', strictObject({ a: deep }));
    expect(decideAt({ policy, baseline: undefined }, { ...at, call }).effect).toBe('deny');
  });

  test.each(['^(a+)+$', '(a|aa)*b', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'law 6: the pattern %s, on which other engines hang, has an answer',
    { timeout: 10_000 },
    (value) => {
      const policy = strictObject({
        version: '1',
        default: 'deny',
        tools: { t: { require: [{ conditions: [{ path: 'args.a', op: 'regex', value }] }] } },
      });
      const [at] = fc.sample(moment, { numRuns: 1, seed: 1 });
      if (at === undefined) throw new Error('no sample');
      const call = toolCall('t', strictObject({ a: `${'a'.repeat(5000)}!` }));
      expect(decideAt({ policy, baseline: undefined }, { ...at, call }).effect).toBe('deny');
    },
  );
});
