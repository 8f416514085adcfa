import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachable } from '../../src/policy/reachable.ts';
import { documents, type Moment, moment } from './arbitrary.ts';
import { strictObject } from './arbitrary-value.ts';
import { compiled, decideAt } from './engine.ts';
import type { Documents } from './naive.ts';
import { aimOf } from './naive-entry.ts';
import { isListed } from './naive-reachable.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

const several = fc.array(moment, { minLength: 2, maxLength: 3 });

function reach(raw: Documents, { call, target }: Moment): 'listed' | 'left out' {
  return reachable(compiled(raw), call.kind, call.name, target.class);
}

describe(`what is listed (${TRIALS})`, () => {
  test('law 8: a tool is left out exactly when it is refused whatever its arguments, time, session and counters', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        expect(reach(raw, at)).toBe(isListed(raw, aimOf(at.call, at.target)) ? 'listed' : 'left out');
      }),
    );
  });

  test('law 8: what is left out is refused in every call', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, several, (raw, first, others) => {
        if (reach(raw, first) === 'listed') return;
        const { kind, name } = first.call;
        for (const at of [first, ...others]) {
          const target = { ...at.target, class: first.target.class };
          expect(decideAt(raw, { ...at, call: { ...at.call, kind, name }, target }).effect).toBe('deny');
        }
      }),
    );
  });

  test('law 8: what is ever let through is listed, and list all hides only what is hidden or misleads', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const decision = decideAt(raw, at);
        if (decision.effect !== 'deny') expect(reach(raw, at)).toBe('listed');
        const all = { ...raw, policy: strictObject({ ...raw.policy, list: 'all' }) };
        const isLeftOut = decision.hidden || decision.stage === 'arguments';
        expect(reach(all, at)).toBe(isLeftOut ? 'left out' : 'listed');
      }),
    );
  });
});
