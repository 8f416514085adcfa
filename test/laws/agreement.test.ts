import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { documents, moment } from './arbitrary.ts';
import { decideAt } from './engine.ts';
import { judge } from './naive.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

describe(`the engine and a naive reading of the raw documents (${TRIALS})`, () => {
  test('agree on effect, hidden, the named rule and the reservations', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const decision = decideAt(raw, at);
        const verdict = judge(raw, at.subject, at.call, at.target, at.facts);
        expect(decision.effect).toBe(verdict.effect);
        expect(decision.hidden).toBe(verdict.hidden);
        expect(decision.rule).toEqual(verdict.named);
        expect(decision.reservations).toEqual(verdict.reservations);
      }),
    );
  });
});
