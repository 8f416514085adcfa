import { describe, expect, it } from 'vitest';
import { strict, strictObject } from '../../test/laws/arbitrary-value.ts';
import type { Call } from '../wire/call.ts';
import { compilePolicy } from './compile.ts';
import { countsAsked } from './counts-asked.ts';
import { decide } from './decide.ts';
import type { Facts, Subject, Target } from './decision.ts';
import type { Policies } from './policy.ts';
import { prejudge } from './prejudge.ts';
import { compileSearch } from './regex.ts';
import { newWork } from './work.ts';

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'flows',
  session: 's1',
  client: { name: undefined, version: undefined },
};
const TARGET: Target = { class: 'unknown', definition: undefined };
const FACTS: Facts = { at: 0, calls: new Map() };

function policiesOf(rules: object): Policies {
  const compiled = compilePolicy(strict({ version: '1', default: 'deny', tools: { x: rules } }), 'policy');
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  return { policy: compiled.policy, baseline: undefined };
}

function callOf(args: object): Call {
  return { kind: 'tool', method: 'tools/call', name: 'x', args: strictObject(args), params: strictObject({}) };
}

function judged(conditions: readonly object[], args: object): string {
  return decide(policiesOf({ deny_if: [{ conditions }] }), SUBJECT, callOf(args), TARGET, FACTS).effect;
}

/** Patterns that no text here matches, each with some dozen instructions. */
function clumsy(count: number): readonly object[] {
  return Array.from({ length: count }, (_, n) => ({ path: 'args.text', op: 'regex', value: `[ab]*a[ab]{14}c${n}` }));
}

describe('the work of one decision', () => {
  it('is judged to its end as long as it is bearable', () => {
    expect(judged([{ any: clumsy(20) }], { text: 'ab'.repeat(1_000) })).toBe('allow');
  });

  it('ends where it would hold up the gateway, and what was not judged bites', () => {
    expect(judged([{ any: clumsy(100) }], { text: 'ab'.repeat(30_000) })).toBe('deny');
    const texts = Array.from({ length: 9_000 }, () => 'ab'.repeat(500));
    expect(judged([{ path: 'args.texts[*]', op: 'regex', value: '[ab]*a[ab]{14}c' }], { texts })).toBe('deny');
  });

  it('comes to the same, however the conditions are written down', () => {
    const short = { path: 'args.short', op: 'eq', value: 'no' };
    const text = 'ab'.repeat(30_000);
    const conditions = [...clumsy(60), { path: 'args.other', op: 'regex', value: 'x[yz]+' }];
    const forwards = judged([{ any: conditions }, short], { text, other: 'abc', short: 'yes' });
    expect(judged([short, { any: conditions.toReversed() }], { text, other: 'abc', short: 'yes' })).toBe(forwards);
    const one = judged([{ any: conditions }], { text, other: 'xy' });
    expect(judged([{ any: conditions.toReversed() }], { text, other: 'xy' })).toBe(one);
  });
});

it('the less costly of two tests is done first, wherever it stands, so that the same rule is named', () => {
  const large = '[ab]{40}';
  const small = 'x[yz]+w';
  const last = '[ab]{40}c';
  const most = newWork().left;
  const textFor = (pattern: string, share: number): string => {
    const compiled = compileSearch(pattern, 'as written');
    if (typeof compiled === 'string') throw new Error(compiled);
    return 'a'.repeat(Math.floor((most * share) / compiled.size));
  };
  // Together they are too much: after the small one the last cannot be judged, after the large one the small one could not.
  const call = callOf({ large: textFor(large, 0.7), small: textFor(small, 0.35), last: textFor(last, 0.66) });
  const one = { path: 'args.large', op: 'regex', value: large };
  const other = { path: 'args.small', op: 'regex', value: small };
  const final = { id: 'z', conditions: [{ path: 'args.last', op: 'regex', value: last }] };
  for (const conditions of [
    [one, other],
    [other, one],
    [{ all: [one, other] }],
    [{ not: { any: [{ not: one }, { not: other }] } }],
  ]) {
    const policies = policiesOf({ deny_if: [final, { id: 'a', conditions }] });
    expect(decide(policies, SUBJECT, call, TARGET, FACTS).rule).toMatchObject({ id: 'z' });
  }
});

it('what was done beforehand is not done again, where a transaction would be held up by it', () => {
  const counted = { path: 'grant.calls["y"]', op: 'gt', value: 0, within: '1h' };
  const when = [{ path: 'args.text', op: 'regex', value: '[xy]+z' }];
  const policies = policiesOf({
    deny_if: [{ conditions: [counted] }, { conditions: [{ any: clumsy(3) }] }],
    require: [{ conditions: [{ path: 'args.text', op: 'regex', value: '^[ab]+$' }] }],
    limits: [{ counter: 'c', window: 'hour', max: 5, when }],
    mode: 'shadow',
  });
  const call = callOf({ text: 'ab'.repeat(100) });
  const work = prejudge(policies, SUBJECT, call, TARGET, 0);
  const { left } = work;
  expect(left).toBeLessThan(newWork().left);
  const calls = new Map(countsAsked(policies, SUBJECT, call, TARGET).map(({ key }) => [key, 0]));
  const decision = decide(policies, SUBJECT, call, TARGET, { at: 0, calls }, work);
  expect(decision.shadow?.effect).toBe('allow');
  expect(work.left).toBe(left);
  expect(decide(policies, SUBJECT, call, TARGET, { at: 0, calls })).toEqual(decision);
});

it('a document with more problems than anybody reads is not read to its end', () => {
  const tools = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`t${n}`, { acton: 'deny' }]));
  const compiled = compilePolicy(strict({ version: '1', default: 'deny', tools }), 'policy');
  const problems = compiled.kind === 'problems' ? compiled.problems : [];
  expect(problems).toHaveLength(1_001);
  expect(problems.at(-1)).toEqual({ pointer: '', message: 'has at least 1000 problems; the rest is not told' });
});
