import { talliesOf } from '../policy/counts-asked.ts';
import type { CounterKey, Reservation } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import { familyAt, reservationFor } from '../policy/reservation.ts';
import { sidesOf } from '../policy/standing.ts';
import { newWork } from '../policy/work.ts';
import type { CallAgain } from './call-again.ts';
import type { RecordedCall } from './recorded-call.ts';
import type { Witness } from './witness.ts';

/** What a call of which nobody can tell whether it passed may have added to counters. */
export interface PossibleCounts {
  /** At most these, each without a ceiling. */
  readonly reservations: readonly Reservation[];
  readonly tallies: readonly CounterKey[];
  /** Counters of which nobody knows any more where they stand: the amount, or the value by which they count, is not known. */
  readonly lost: readonly LostCounter[];
}

export type LostCounter = Pick<Reservation, 'key' | 'windowMs' | 'period'>;

/** `witness` is the one that notes what `again` is asked for. */
export function possibleCounts(
  policies: Policies,
  recorded: RecordedCall,
  { call, subject, tool }: CallAgain,
  witness: Witness,
): PossibleCounts {
  const { at, class: riskClass } = recorded;
  const target = { class: riskClass, definition: tool === 'no tool' ? undefined : tool };
  const scene = { subject, call, target, facts: { at, calls: new Map<string, number>() }, work: newWork() };
  const sides = sidesOf(policies, { kind: call.kind, name: call.name, class: riskClass });
  const limits = [sides.baseline, sides.policy].flatMap((side) =>
    side === undefined ? [] : [...side.entry.limits, ...side.all.limits],
  );
  const reservations: Reservation[] = [];
  const lost: LostCounter[] = [];
  for (const limit of limits) {
    witness.saw = undefined;
    const counted = reservationFor({ ...limit, when: undefined }, scene);
    const family = familyAt(limit, subject, at);
    if (witness.saw !== undefined) lost.push(...(family === undefined ? [] : [family]));
    else if (counted.kind === 'reservation') reservations.push({ ...counted.reservation, max: Infinity });
  }
  return { reservations, tallies: talliesOf(policies, subject, call), lost };
}
