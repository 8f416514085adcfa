import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Decision, Ruling } from '../../src/policy/decision.ts';
import { documents, moment } from './arbitrary.ts';
import { decideAt } from './engine.ts';
import type { Documents } from './naive.ts';
import { contentOf } from './pointer.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';
import { type Depth, shuffled } from './shuffle.ts';

function reordered({ policy, baseline }: Documents, seed: number, depth: Depth): Documents {
  return { policy: shuffled(policy, seed, depth), baseline: baseline && shuffled(baseline, seed + 1, depth) };
}

/** What a ruling comes to, its rules by what they say. */
function outcome({ effect, hidden, reservations }: Ruling, raw: Documents): object {
  return { effect, hidden, reservations: reservations.map((one) => ({ ...one, rule: contentOf(one.rule, raw) })) };
}

function outcomes({ shadow, ...enforced }: Decision, raw: Documents): object {
  return { ...outcome(enforced, raw), tallies: enforced.tallies, shadow: shadow && outcome(shadow, raw) };
}

/** What a decision comes to, whichever of several equal rules is named. */
function counted({ shadow, ...enforced }: Decision): object {
  const sorted = ({ effect, hidden, reservations }: Ruling) => ({
    effect,
    hidden,
    reservations: reservations.map(({ rule: _, ...one }) => JSON.stringify(one)).sort(),
  });
  return { ...sorted(enforced), tallies: enforced.tallies, shadow: shadow && sorted(shadow) };
}

function named({ reason, rule, stage }: Ruling, raw: Documents): object {
  return { reason, stage, rule: contentOf(rule, raw) };
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
        expect(outcomes(after, other)).toEqual(outcomes(before, raw));
        expect(named(after, other)).toEqual(named(before, raw));
        if (after.shadow && before.shadow) expect(named(after.shadow, other)).toEqual(named(before.shadow, raw));
      }),
    );
  });

  test('law 3: shuffling conditions and lists of values changes neither effect nor reservations', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, fc.integer(), (raw, at, seed) => {
        const other = reordered(raw, seed, 'rules and their parts');
        expect(counted(decideAt(other, at))).toEqual(counted(decideAt(raw, at)));
      }),
    );
  });
});
