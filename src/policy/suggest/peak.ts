import { bucketEnd, bucketWidth } from '../count/sliding.ts';

/** Something that was counted. */
export interface Addition {
  readonly id: string;
  readonly at: number;
  /** Milliseconds; never less than that of the one before. */
  readonly tick: number;
  readonly add: number;
}

/** The most that stood in a window, and the call with which it was reached. */
export interface Peak {
  readonly most: number;
  readonly at: number;
  readonly id: string;
}

/** The most that a counter with this sliding window ever held. It forgets as slowly as the counters of the gateway. */
export function peakOf(additions: readonly Addition[], windowMs: number): Peak {
  const width = bucketWidth(windowMs);
  let peak: Peak = { most: 0, at: 0, id: '' };
  let oldest = 0;
  let within = 0;
  for (const { at, tick, add, id } of additions) {
    for (let old = additions[oldest]; old !== undefined && old.tick < tick; old = additions[oldest]) {
      if (bucketEnd(Math.floor(old.tick / width), windowMs) > tick) break;
      within -= old.add;
      oldest += 1;
    }
    within += add;
    if (within > peak.most) peak = { most: within, at, id };
  }
  return peak;
}
