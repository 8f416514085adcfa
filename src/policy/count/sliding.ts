import type { Slot, Slots } from './slot.ts';
import { isMore, plus, type Sum } from './sum.ts';

/** Width of a bucket in milliseconds: a sixtieth of the window, which bounds how late capacity comes back. */
export function bucketWidth(windowMs: number): number {
  return Math.max(1, Math.floor(windowMs / 60));
}

/** INVARIANT: never older than the newest bucket, so a clock that steps back frees nothing. */
export function bucketAt(slots: Slots, windowMs: number, tick: number): number {
  return Math.max(Math.floor(tick / bucketWidth(windowMs)), slots.at(-1)?.bucket ?? -Infinity);
}

/** The tick from which a bucket counts no more. Its last event is younger than `(bucket + 1) * width`, so none is dropped early. */
export function bucketEnd(bucket: number, windowMs: number): number {
  return (bucket + 1) * bucketWidth(windowMs) + windowMs;
}

export function usedWithin(slots: Slots, windowMs: number, tick: number): Sum {
  const at = effectiveTick(slots, windowMs, tick);
  let used: Sum = 0;
  for (let i = slots.length - 1; i >= 0; i -= 1) {
    const slot = slots[i];
    if (slot === undefined || slot.until <= at) break;
    used = plus(used, slot.used);
  }
  return used;
}

/** Smallest wait in milliseconds after which `add` fits under `max`, if nothing else is added meanwhile. */
export function waitForRoom(slots: Slots, windowMs: number, tick: number, add: Sum, max: Sum): number {
  if (isMore(add, max)) return windowMs;
  let total = add;
  for (let i = slots.length - 1; i >= 0; i -= 1) {
    const slot = slots[i];
    if (slot === undefined) break;
    total = plus(total, slot.used);
    // This one must slide out; all that are newer may stay.
    if (isMore(total, max)) return Math.max(1, Math.ceil(slot.until - tick));
  }
  return 1;
}

/** The slots without those that count no more. */
export function stillCounting(slots: Slots, windowMs: number, tick: number): Slots {
  const at = effectiveTick(slots, windowMs, tick);
  const first = slots.findIndex((slot) => slot.until > at);
  return first === -1 ? [] : slots.slice(first);
}

export function emptyBucket(bucket: number, windowMs: number): Slot {
  return { bucket, used: 0, until: bucketEnd(bucket, windowMs) };
}

/** A clock behind the newest bucket is taken to stand at its beginning. */
function effectiveTick(slots: Slots, windowMs: number, tick: number): number {
  const newest = slots.at(-1);
  return newest === undefined ? tick : Math.max(tick, newest.bucket * bucketWidth(windowMs));
}
