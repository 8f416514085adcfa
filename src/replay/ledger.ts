import { type MemoryCounters, memoryCounters } from '../policy/count/memory-counters.ts';
import { bucketEnd, bucketWidth } from '../policy/count/sliding.ts';
import type { Moment } from '../policy/count/slot.ts';
import type { CounterKey, Decision, Reservation } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import type { CallAgain } from './call-again.ts';
import { type LostCounter, possibleCounts } from './possible-counts.ts';
import type { RecordedCall } from './recorded-call.ts';
import { look, type Witness } from './witness.ts';

/**
 * The counters as they would stand. While of some call nobody can tell whether it would have passed, between two: in `low` no such call was
 * counted, in `high` each as much as it may have been. What both say holds, since more used never opens a limit.
 */
export interface Ledger {
  readonly low: MemoryCounters;
  /** Undefined as long as all is certain. */
  readonly high: MemoryCounters | undefined;
  /** How many calls were let through; the witness is told where that is looked at and nobody can tell. */
  counted(keys: readonly CounterKey[], moment: Moment, witness: Witness): ReadonlyMap<string, number>;
  isLost(reservation: Reservation, moment: Moment): boolean;
  /** Of this call nobody can tell whether it was counted. */
  suspect(policies: Policies, call: RecordedCall, again: CallAgain, witness: Witness, moment: Moment): void;
  /** How to give back what the call with this id added. */
  keep(id: string, undo: () => void): void;
  giveBack(id: string): void;
}

/** `givenBack`: the ids of calls that gave back what they took. */
export function newLedger(givenBack: ReadonlySet<string>): Ledger {
  const low = memoryCounters();
  let high: MemoryCounters | undefined;
  /** Counters that nobody knows any more, and until when. */
  const lost = new Map<string, number>();
  const undoes = new Map<string, () => void>();

  function lose({ key, windowMs, period }: LostCounter, { tick }: Moment): void {
    lost.set(
      counterOf(key, period),
      period === undefined ? bucketEnd(Math.floor(tick / bucketWidth(windowMs)), windowMs) : Infinity,
    );
  }

  return {
    low,
    get high() {
      return high;
    },
    counted(keys, moment, witness) {
      const calls = low.counted(keys, moment);
      if (high === undefined) return calls;
      const most = high.counted(keys, moment);
      return keys.every(({ key }) => calls.get(key) === most.get(key)) ? calls : watched(calls, most, witness);
    },
    isLost({ key, family, period }, { tick }) {
      const until = lost.get(counterOf(family ?? key, period));
      return until !== undefined && until > tick;
    },
    suspect(policies, call, again, witness, moment) {
      high ??= low.copy();
      const possible = possibleCounts(policies, call, again, witness);
      const asked = { ...possible, mode: 'take', shadow: [] } as const;
      const { verdict, giveBack } = high.commit(moment, [], () => asked);
      // More values than can be counted.
      const unkept = verdict.kind === 'exceeded' ? possible.reservations.map(familyOf) : [];
      for (const one of [...possible.lost, ...unkept]) lose(one, moment);
      if (givenBack.has(call.id)) undoes.set(call.id, giveBack);
    },
    keep(id, undo) {
      if (givenBack.has(id)) undoes.set(id, undo);
    },
    giveBack(id) {
      undoes.get(id)?.();
      undoes.delete(id);
    },
  };
}

/** Whether where the counters of a decision stand is known well enough for both of a ledger to tell the truth. */
export function isSure(ledger: Ledger, decision: Decision, moment: Moment): boolean {
  const { high } = ledger;
  const all = [...decision.reservations, ...(decision.shadow?.reservations ?? [])];
  return all.every((one) => !ledger.isLost(one, moment) && high?.isFull(one, moment) !== true);
}

function familyOf({ key, family, windowMs, period }: Reservation): LostCounter {
  return { key: family ?? key, windowMs, period };
}

function counterOf(key: string, period: Reservation['period']): string {
  return period === undefined ? key : `${key}@${period.from}`;
}

/** `get` tells the witness where the two differ. */
function watched(
  calls: ReadonlyMap<string, number>,
  most: ReadonlyMap<string, number>,
  witness: Witness,
): ReadonlyMap<string, number> {
  const seen = new Map(calls);
  seen.get = (key) => {
    if (calls.get(key) !== most.get(key)) look(witness, 'counts');
    return calls.get(key);
  };
  return seen;
}
