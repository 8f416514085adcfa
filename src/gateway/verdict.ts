import type { Asked } from '../policy/count/plan-pass.ts';
import type { Decision, Ruling } from '../policy/decision.ts';
import { isNamedBefore } from '../policy/standing.ts';
import { limitRefusal } from './limit-refusal.ts';
import type { Verdict } from './ports.ts';
import { type Refusal, refusalOf } from './refusal.ts';

/** What a decision asks of the counters: what passes is taken, what waits for a person is only looked at. */
export function askedBy(decision: Decision): Asked {
  const passes = decision.effect === 'allow';
  return {
    reservations: decision.reservations,
    mode: passes ? 'take' : 'check',
    // Taken too, once a person has approved of what is only looked at now.
    tallies: decision.tallies,
    shadow: decision.shadow?.effect === 'allow' ? decision.shadow.reservations : [],
  };
}

/** What stands in the way of a call once the counters have spoken; the strictest of all, and of equals the one named first. */
export function refusalFor(ruling: Ruling, verdict: Verdict): Refusal | undefined {
  if (verdict.kind === 'exceeded') {
    // Nobody can approve of more values than may live.
    const isAsked = verdict.why === 'max' && verdict.reservation.onExceed === 'require_approval';
    const isNamed = ruling.effect === 'allow' || !isAsked || isNamedBefore('limit', ruling.stage);
    if (isNamed) return limitRefusal(verdict);
  }
  return ruling.effect === 'allow' ? undefined : refusalOf(ruling);
}
