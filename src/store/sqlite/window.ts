/** What was let through during one bucket: ticks from `bucket * width` up to, not including, `(bucket + 1) * width`. */
export interface Slot {
  readonly bucket: number;
  used: number;
}

/** A counter's slots, oldest first. */
export type Slots = readonly Slot[];

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

/** A clock behind the newest bucket is taken to stand at its beginning. */
export function effectiveTick(slots: Slots, windowMs: number, tick: number): number {
  const newest = slots.at(-1);
  return newest === undefined ? tick : Math.max(tick, newest.bucket * bucketWidth(windowMs));
}

export function usedWithin(slots: Slots, windowMs: number, tick: number): number {
  const at = effectiveTick(slots, windowMs, tick);
  let used = 0;
  for (let i = slots.length - 1; i >= 0; i -= 1) {
    const slot = slots[i];
    if (slot === undefined || bucketEnd(slot.bucket, windowMs) <= at) break;
    used += slot.used;
  }
  return used;
}

/** Smallest wait in milliseconds after which no more than `room` is used, if nothing is added meanwhile. */
export function waitForRoom(slots: Slots, windowMs: number, tick: number, room: number): number {
  const at = effectiveTick(slots, windowMs, tick);
  let used = usedWithin(slots, windowMs, tick);
  for (const slot of slots) {
    const end = bucketEnd(slot.bucket, windowMs);
    if (end <= at) continue;
    used -= slot.used;
    if (used <= room) return Math.ceil(end - tick);
  }
  return windowMs;
}
