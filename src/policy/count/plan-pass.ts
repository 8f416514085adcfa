import type { CounterKey, Reservation } from '../decision.ts';
import { usedAt } from './counter.ts';
import { limitsOf, NOTHING, planReservations } from './plan-reservations.ts';
import type { Moment } from './slot.ts';
import type { Addition, Source } from './source.ts';
import { nearestDouble } from './sum.ts';
import type { LimitAfter, Verdict } from './verdict.ts';

/** What a pass asks of the counters. */
export interface Asked {
  readonly reservations: readonly Reservation[];
  /** `check`: only whether all would fit; then tallies and shadow are for the case that a person approves. */
  readonly mode: 'take' | 'check';
  readonly tallies: readonly CounterKey[];
  readonly shadow: readonly Reservation[];
}

/** `approved`: taken, and beyond the ceilings at which a person is to be asked. */
export type PassMode = Asked['mode'] | 'approved';

/** What becomes of a pass. */
export interface Settled {
  readonly verdict: Verdict;
  readonly shadow: Verdict;
  readonly limits: readonly LimitAfter[];
  /** What is to be added now, in the same transaction. */
  readonly additions: readonly Addition[];
}

const NO_COUNTS: ReadonlyMap<string, number> = new Map();

/** How much each counter holds within its sliding window; as slow to forget as a limit is. */
export function countsAt(source: Source, keys: readonly CounterKey[], moment: Moment): ReadonlyMap<string, number> {
  if (keys.length === 0) return NO_COUNTS;
  const counts = new Map<string, number>();
  for (const { key, windowMs } of keys) {
    const used = usedAt(source.slots(key), { windowMs, period: undefined }, moment);
    counts.set(key, Math.max(nearestDouble(used), counts.get(key) ?? 0));
  }
  return counts;
}

/** Plans a whole pass: its reservations, then, if they are taken, its tallies and what is in shadow. Changes nothing. */
export function planPass(source: Source, asked: Asked, moment: Moment, mode: PassMode = asked.mode): Settled {
  const planned = planReservations(source, asked.reservations, moment, mode === 'approved' ? 'lifted' : 'hold');
  const { verdict } = planned;
  if (verdict.kind === 'exceeded' || mode === 'check') {
    return { verdict, shadow: NOTHING.verdict, limits: limitsOf(planned, 'before'), additions: [] };
  }
  const shadow = planReservations(source, asked.shadow, moment);
  const limits = limitsOf(planned, 'after');
  if (asked.tallies.length + shadow.additions.length === 0) {
    return { verdict, shadow: shadow.verdict, limits, additions: planned.additions };
  }
  const additions = unlike([...planned.additions, ...asked.tallies.map(oneMore), ...shadow.additions]);
  return { verdict, shadow: shadow.verdict, limits, additions };
}

/**
 * Plans a pass that a person may have to approve of first: `rule` is told the verdict and says what holds, undefined for the verdict
 * itself. Changes nothing.
 */
export function planAskedPass(
  source: Source,
  asked: Asked,
  moment: Moment,
  rule: (verdict: Verdict) => 'pass' | 'stop' | undefined,
): Settled {
  const settled = planPass(source, asked, moment);
  const effect = rule(settled.verdict);
  if (effect === undefined) return settled;
  return planPass(source, asked, moment, effect === 'pass' ? 'approved' : 'check');
}

function oneMore({ key, windowMs }: CounterKey): Addition {
  return { key, windowMs, period: undefined, family: undefined, add: 1 };
}

/** INVARIANT: a call adds to a counter once. What names it first counts. */
function unlike(additions: readonly Addition[]): readonly Addition[] {
  const seen = new Set<string>();
  return additions.filter(({ key, period }) => {
    const counter = period === undefined ? key : `${key}@${period.from}`;
    if (seen.has(counter)) return false;
    seen.add(counter);
    return true;
  });
}
