import { emptyPeriod, periodBucket, stillKept, usedInPeriod, waitForPeriod } from './calendar-slots.ts';
import { bucketAt, emptyBucket, stillCounting, usedWithin, waitForRoom } from './sliding.ts';
import type { Moment, Slot, Slots, Span } from './slot.ts';
import { minus, plus, type Sum } from './sum.ts';

/** A counter after something was added; slots before its first one are to be forgotten. */
export interface Grown {
  readonly slots: Slots;
  /** The one that was added to. */
  readonly slot: Slot;
}

/** How much of a counter counts now. */
export function usedAt(slots: Slots, { windowMs, period }: Span, { tick }: Moment): Sum {
  return period === undefined ? usedWithin(slots, windowMs, tick) : usedInPeriod(slots, period);
}

/** Milliseconds until `add` can fit under `max`; the window, or the rest of the period, where it never will. */
export function waitAt(slots: Slots, { windowMs, period }: Span, moment: Moment, add: Sum, max: Sum): number {
  return period === undefined ? waitForRoom(slots, windowMs, moment.tick, add, max) : waitForPeriod(period, moment.at);
}

export function grownBy(slots: Slots, { windowMs, period }: Span, { tick, at }: Moment, add: Sum): Grown {
  const bucket = period === undefined ? bucketAt(slots, windowMs, tick) : periodBucket(slots, period);
  const index = slots.findLastIndex((slot) => slot.bucket <= bucket);
  const known = slots[index];
  if (known?.bucket === bucket) {
    const slot = { ...known, used: plus(known.used, add) };
    return { slots: slots.with(index, slot), slot };
  }
  const empty = period === undefined ? emptyBucket(bucket, windowMs) : emptyPeriod(bucket, period);
  const slot = { ...empty, used: add };
  const kept = period === undefined ? stillCounting(slots, windowMs, tick) : stillKept(slots, at);
  const older = kept.filter((one) => one.bucket < bucket);
  return { slots: [...older, slot, ...kept.slice(older.length)], slot };
}

/** Takes back what was added to one bucket; undefined if the bucket is forgotten. */
export function shrunkBy(slots: Slots, bucket: number, add: Sum): Grown | undefined {
  const index = slots.findIndex((slot) => slot.bucket === bucket);
  const known = slots[index];
  if (known === undefined) return undefined;
  const slot = { ...known, used: minus(known.used, add) };
  return { slots: slots.with(index, slot), slot };
}

/** Until when a counter holds anything used, as its slots tell it: undefined for nothing. */
export function usedUntil(slots: Slots, period: Span['period']): number | undefined {
  if (period === undefined) return slots.findLast((slot) => slot.used !== 0)?.until;
  const bucket = periodBucket(slots, period);
  return slots.find((slot) => slot.bucket === bucket && slot.used !== 0)?.until;
}
