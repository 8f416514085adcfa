import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countsAsked } from '../../src/policy/counts-asked.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Ruling } from '../../src/policy/decision.ts';
import { documents, moment } from './arbitrary.ts';
import { compiled, factsOf } from './engine.ts';
import { judge, type Sentence } from './naive.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** Which stage let a call pass is nobody's business. */
function ruled({ effect, hidden, stage, rule, reservations }: Ruling): object {
  return { effect, hidden, stage: effect === 'allow' ? 'any' : stage, rule, reservations };
}

function sentenced({ effect, hidden, stage, named, reservations }: Sentence): object {
  return { effect, hidden, stage: effect === 'allow' ? 'any' : stage, rule: named, reservations };
}

describe(`the engine and a naive reading of the raw documents (${TRIALS})`, () => {
  test('agree on effect, hidden, the named rule, reservations, tallies, and what stands in shadow', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { subject, call, target } = at;
        const policies = compiled(raw);
        const facts = factsOf(policies, at);
        const decision = decide(policies, subject, call, target, facts);
        const verdict = judge(raw, subject, call, target, facts);
        expect(ruled(decision)).toEqual(sentenced(verdict));
        expect(decision.tallies).toEqual(verdict.tallies);
        expect(decision.shadow && ruled(decision.shadow)).toEqual(verdict.shadow && sentenced(verdict.shadow));
      }),
    );
  });

  test('agree on the counts that a judgement rests on', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { subject, call, target } = at;
        const policies = compiled(raw);
        const asked = countsAsked(policies, subject, call, target).map(({ key }) => key);
        const { consulted } = judge(raw, subject, call, target, factsOf(policies, at));
        expect(asked).toEqual([...new Set(asked)]);
        for (const key of consulted) expect(asked).toContain(key);
      }),
    );
  });
});
