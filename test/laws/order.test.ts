import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Reservation } from '../../src/policy/decision.ts';
import { documents, moment } from './arbitrary.ts';
import { decideAt } from './engine.ts';
import type { Documents } from './naive.ts';
import { contentOf } from './pointer.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';
import { type Depth, shuffled } from './shuffle.ts';

function reordered({ policy, baseline }: Documents, seed: number, depth: Depth): Documents {
  return { policy: shuffled(policy, seed, depth), baseline: baseline && shuffled(baseline, seed + 1, depth) };
}

function contents(reservations: readonly Reservation[], raw: Documents): object[] {
  return reservations.map((one) => ({ ...one, rule: contentOf(one.rule, raw) }));
}

describe(`order has no meaning (${TRIALS})`, () => {
  test('law 3: shuffling keys and entries changes neither effect, nor reservations, nor which rule is named', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, fc.integer(), (raw, at, seed) => {
        const other = reordered(raw, seed, 'rules');
        const before = decideAt(raw, at);
        const after = decideAt(other, at);
        expect(after.effect).toBe(before.effect);
        expect(after.hidden).toBe(before.hidden);
        expect(after.reason).toBe(before.reason);
        expect(contentOf(after.rule, other)).toBe(contentOf(before.rule, raw));
        expect(contents(after.reservations, other)).toEqual(contents(before.reservations, raw));
      }),
    );
  });

  test('law 3: shuffling conditions and lists of values changes neither effect nor reservations', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, fc.integer(), (raw, at, seed) => {
        const other = reordered(raw, seed, 'rules and their parts');
        const before = decideAt(raw, at);
        const after = decideAt(other, at);
        expect(after.effect).toBe(before.effect);
        expect(after.hidden).toBe(before.hidden);
        expect(contents(after.reservations, other)).toEqual(contents(before.reservations, raw));
      }),
    );
  });
});
