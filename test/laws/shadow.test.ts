import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Ruling } from '../../src/policy/decision.ts';
import { documents, moment } from './arbitrary.ts';
import { strictObject } from './arbitrary-value.ts';
import { decideAt, decideBoth } from './engine.ts';
import { type Documents, mapped } from './naive.ts';
import { member } from './naive-list.ts';
import { ifEnforced, inForce } from './naive-shadow.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

function withoutShadow(raw: Documents): Documents {
  return mapped(raw, (document) => strictObject({ ...inForce(document), mode: 'enforce' }));
}

function enforced(raw: Documents): Documents {
  return mapped(raw, (document) => strictObject(ifEnforced(document)));
}

function withoutReservations({ effect, hidden, rule, reason }: Ruling): object {
  return { effect, hidden, rule, reason };
}

/** Documents of which something always stands in shadow. */
const inShadow: fc.Arbitrary<Documents> = fc
  .record({ raw: documents, whole: fc.boolean() })
  .map(({ raw: { policy, baseline }, whole }) => {
    const part = { all_tools: { ...member(policy, 'all_tools'), mode: 'shadow' } };
    return { policy: strictObject({ ...policy, ...(whole ? { mode: 'shadow' } : part) }), baseline };
  });

describe(`what stands in shadow (${TRIALS})`, () => {
  test('it changes nothing: the decision is that of the document without it', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const [decision, bare] = decideBoth(raw, withoutShadow(raw), at);
        expect(decision.effect).toBe(bare.effect);
        expect(decision.hidden).toBe(bare.hidden);
        expect(decision.reservations).toEqual(bare.reservations);
        expect(bare.shadow).toBeUndefined();
      }),
    );
  });

  test('what would have been said is what the document says once its modes are gone', { timeout: PATIENCE }, () => {
    hold(
      fc.property(inShadow, moment, (raw, at) => {
        const [decision, strict] = decideBoth(raw, enforced(raw), at);
        if (decision.shadow) expect(withoutReservations(decision.shadow)).toEqual(withoutReservations(strict));
      }),
    );
  });

  test('it counts apart: no counter of an enforced limit is one of a limit in shadow', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const { reservations, shadow } = decideAt(raw, at);
        const apart = shadow?.reservations.map(({ key }) => key) ?? [];
        for (const { key } of reservations) expect(apart).not.toContain(key);
      }),
    );
  });

  test('a document in shadow lets everything pass that the other document lets pass', { timeout: PATIENCE }, () => {
    hold(
      fc.property(documents, moment, (raw, at) => {
        const policy = strictObject({ ...raw.policy, mode: 'shadow' });
        const { effect, stage, rule } = decideAt({ policy, baseline: undefined }, at);
        expect([effect, rule.pointer]).toEqual(stage === 'arguments' ? ['deny', '(arguments)'] : ['allow', '/mode']);
        if (raw.baseline === undefined || raw.baseline['mode'] === 'shadow') return;
        const beside = decideAt({ ...raw, policy }, at);
        if (beside.effect === 'deny' && beside.stage !== 'arguments') expect(beside.rule.document).toBe('baseline');
      }),
    );
  });
});
