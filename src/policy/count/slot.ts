import type { Period } from '../decision.ts';
import type { Sum } from './sum.ts';

/** What was let through during one stretch of a counter's time: a bucket of a sliding window, or a calendar period. */
export interface Slot {
  /** Number of the bucket, or the first millisecond of the period. */
  readonly bucket: number;
  readonly used: Sum;
  /** When it can be thrown away: for a bucket the tick from which it counts no more, for a period a wall time. */
  readonly until: number;
}

/** A counter's slots, oldest first. */
export type Slots = readonly Slot[];

/** When a call passes. */
export interface Moment {
  /** Milliseconds that never run backwards: for sliding windows. */
  readonly tick: number;
  /** Wall time, milliseconds since the epoch: for calendars. */
  readonly at: number;
}

/** How a counter forgets: by a sliding window, or with the calendar where there is a period. */
export interface Span {
  readonly windowMs: number;
  readonly period: Period | undefined;
}

/** A day: dead slots are kept this much longer, in milliseconds, against clocks that were wrong for a while. */
export const KEPT_MS = 86_400_000;
