import { describe, expect, it } from 'vitest';
import { strict, strictObject } from '../../test/laws/arbitrary-value.ts';
import { compilePolicy } from './compile.ts';
import { decide } from './decide.ts';
import type { Facts, Subject, Target } from './decision.ts';

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'flows',
  session: 's1',
  client: { name: undefined, version: undefined },
};
const TARGET: Target = { class: 'unknown', definition: undefined };
const FACTS: Facts = { at: 0, calls: new Map() };

function judged(conditions: readonly object[], args: object): string {
  const document = { version: '1', default: 'deny', tools: { x: { deny_if: [{ conditions }] } } };
  const compiled = compilePolicy(strict(document), 'policy');
  if (compiled.kind === 'problems') throw new Error(JSON.stringify(compiled.problems));
  const call = {
    kind: 'tool',
    method: 'tools/call',
    name: 'x',
    args: strictObject(args),
    params: strictObject({}),
  } as const;
  return decide({ policy: compiled.policy, baseline: undefined }, SUBJECT, call, TARGET, FACTS).effect;
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

it('a document with more problems than anybody reads is not read to its end', () => {
  const tools = Object.fromEntries(Array.from({ length: 20_000 }, (_, n) => [`t${n}`, { acton: 'deny' }]));
  const compiled = compilePolicy(strict({ version: '1', default: 'deny', tools }), 'policy');
  const problems = compiled.kind === 'problems' ? compiled.problems : [];
  expect(problems).toHaveLength(1_001);
  expect(problems.at(-1)).toEqual({ pointer: '', message: 'has at least 1000 problems; the rest is not told' });
});
