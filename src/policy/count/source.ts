import type { Slots, Span } from './slot.ts';
import type { Sum } from './sum.ts';

/** Where counters are kept. */
export interface Source {
  slots(key: string): Slots;
  /**
   * Undefined while `more` values can come alive in a family; else the time from which one of those that live is dead.
   * A value lives while its counter's last use ends after `since`.
   */
  fullUntil(family: string, since: number, more: number): number | undefined;
}

/** What one pass adds to one counter. */
export interface Addition extends Span {
  readonly key: string;
  readonly family: string | undefined;
  readonly add: Sum;
}

/** How many values of `per` may live in one family. */
export const MOST_VALUES = 10_000;

/** The values of each calendar period are counted apart. */
export function familyIn(family: string, period: Span['period']): string {
  return period === undefined ? family : `${family}@${period.from}`;
}
