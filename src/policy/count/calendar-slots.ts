import type { Period } from '../decision.ts';
import { KEPT_MS, type Slot, type Slots } from './slot.ts';
import type { Sum } from './sum.ts';

/** Bounds what one counter keeps: a clock that steps back finds the usage of this many periods. */
const MOST_PERIODS = 64;

/**
 * The slot in which a period counts.
 * INVARIANT: a period that is older than all that are kept counts with the oldest of them, so that forgetting frees nothing.
 */
export function periodBucket(slots: Slots, { from }: Period): number {
  const bucket = Math.floor(from);
  const oldest = slots[0];
  return oldest !== undefined && slots.length >= MOST_PERIODS ? Math.max(bucket, oldest.bucket) : bucket;
}

export function usedInPeriod(slots: Slots, period: Period): Sum {
  const bucket = periodBucket(slots, period);
  // Nearly always the newest.
  return slots.findLast((slot) => slot.bucket === bucket)?.used ?? 0;
}

/** Milliseconds until the next period begins. */
export function waitForPeriod({ to }: Period, at: number): number {
  return Math.max(1, Math.ceil(to - at));
}

/** The slots without those that no clock will step back into: over for a day and a period, or too many. */
export function stillKept(slots: Slots, at: number): Slots {
  const first = slots.findIndex((slot, i) => slot.until + KEPT_MS > at && slots.length - i < MOST_PERIODS);
  return first === -1 ? [] : slots.slice(first);
}

/** It is kept a period longer than it lasts: the clock may step back into it. */
export function emptyPeriod(bucket: number, { from, to }: Period): Slot {
  return { bucket, used: 0, until: to + (to - from) };
}
