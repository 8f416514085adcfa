import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/policy/decide.ts';
import { reachable } from '../../src/policy/reachable.ts';
import { documents, moment } from './arbitrary.ts';
import { strictObject } from './arbitrary-value.ts';
import { compiled } from './engine.ts';
import { isListed } from './naive-reachable.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

const several = fc.array(moment, { minLength: 3, maxLength: 6 });

describe(`what is listed (${TRIALS})`, () => {
  test('law 8: a tool is left out exactly when it is refused whatever its arguments, time, session and counters', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, { call }) => {
        expect(reachable(compiled(raw), call.kind, call.name)).toBe(
          isListed(raw, call.kind, call.name) ? 'listed' : 'left out',
        );
      }),
    );
  });

  test('law 8: what is left out is refused in every call', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, several, (raw, moments) => {
        const policies = compiled(raw);
        const { kind, name } = moments[0]?.call ?? { kind: 'tool', name: 'x' };
        fc.pre(reachable(policies, kind, name) === 'left out');
        for (const { subject, call, target, facts } of moments)
          expect(decide(policies, subject, { ...call, kind, name }, target, facts).effect).toBe('deny');
      }),
    );
  });

  test('law 8: what is ever let through is listed, and list all hides only what is hidden', {
    timeout: PATIENCE,
  }, () => {
    hold(
      fc.property(documents, moment, (raw, { subject, call, target, facts }) => {
        const decision = decide(compiled(raw), subject, call, target, facts);
        const all = compiled({ ...raw, policy: strictObject({ ...raw.policy, list: 'all' }) });
        if (decision.effect !== 'deny') expect(reachable(compiled(raw), call.kind, call.name)).toBe('listed');
        expect(reachable(all, call.kind, call.name)).toBe(decision.hidden ? 'left out' : 'listed');
      }),
    );
  });
});
