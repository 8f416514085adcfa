import { describe, expect, test } from 'vitest';
import type { Period } from '../decision.ts';
import { emptyPeriod, periodBucket, stillKept, usedInPeriod, waitForPeriod } from './calendar-slots.ts';
import { grownBy, shrunkBy, usedUntil } from './counter.ts';
import type { Slots } from './slot.ts';

const DAY = 86_400_000;
const day = (number: number): Period => ({ from: number * DAY, to: (number + 1) * DAY });
const moment = (at: number) => ({ tick: at, at });
/** A counter that was used once on each of these days. */
const usedOn = (...days: readonly number[]): Slots =>
  days.reduce<Slots>(
    (slots, number) => grownBy(slots, { windowMs: DAY, period: day(number) }, moment(number * DAY), 1).slots,
    [],
  );
const bucketsOf = (slots: Slots): readonly number[] => slots.map(({ bucket }) => bucket / DAY);

describe('calendar periods of one counter', () => {
  test('each counts for itself, and a period may be told again while it lasts', () => {
    const slots = usedOn(1, 2, 2, 3);
    expect([0, 1, 2, 3, 4].map((number) => usedInPeriod(slots, day(number)))).toEqual([0, 1, 2, 1, 0]);
  });

  test('a clock that steps back finds what was used then, and adds to it in its place', () => {
    expect(bucketsOf(usedOn(1, 3, 2))).toEqual([1, 2, 3]);
    const slots = usedOn(1, 3, 1);
    expect(bucketsOf(slots)).toEqual([1, 3]);
    expect(usedInPeriod(slots, day(1))).toBe(2);
  });

  test('a period is kept for one more period and a day, and not a moment longer', () => {
    const [slot] = usedOn(1);
    expect(slot).toEqual({ bucket: DAY, used: 1, until: 3 * DAY });
    expect(bucketsOf(stillKept(usedOn(1, 2), 4 * DAY - 1))).toEqual([1, 2]);
    expect(bucketsOf(stillKept(usedOn(1, 2), 4 * DAY))).toEqual([2]);
    expect(stillKept(usedOn(1, 2), 5 * DAY)).toEqual([]);
    expect(emptyPeriod(DAY, day(1))).toEqual({ bucket: DAY, used: 0, until: 3 * DAY });
  });

  test('of periods that a wild clock makes in one day only the newest are kept', () => {
    const hours = Array.from({ length: 70 }, (_, hour): Period => ({ from: hour * 1000, to: (hour + 1) * 1000 }));
    let slots: Slots = [];
    for (const period of hours) {
      slots = grownBy(slots, { windowMs: 1000, period }, moment(period.from), 1).slots;
      expect(slots.length).toBeLessThanOrEqual(64);
    }
    expect(slots.map(({ bucket }) => bucket / 1000)).toEqual(Array.from({ length: 64 }, (_, index) => index + 6));
    // Forgetting frees nothing: what is older than all that are kept counts with the oldest of them.
    expect(periodBucket(slots, { from: 0, to: 1000 })).toBe(6000);
    expect(usedInPeriod(slots, { from: 0, to: 1000 })).toBe(1);
    const again = grownBy(slots, { windowMs: 1000, period: { from: 0, to: 1000 } }, moment(0), 1);
    expect(again.slot).toMatchObject({ bucket: 6000, used: 2 });
    expect(periodBucket(slots.slice(1), { from: 0, to: 1000 })).toBe(0);
  });

  test('room comes with the next period, in a millisecond at least', () => {
    expect(waitForPeriod(day(1), DAY)).toBe(DAY);
    expect(waitForPeriod(day(1), DAY + 0.5)).toBe(DAY);
    expect(waitForPeriod(day(1), 3 * DAY)).toBe(1);
  });
});

describe('what is taken back', () => {
  const slots = usedOn(1, 2);

  test('goes to its own period, and never below nothing', () => {
    expect(shrunkBy(slots, 2 * DAY, 1)?.slots.map(({ used }) => used)).toEqual([1, 0]);
    expect(shrunkBy(slots, DAY, 5)?.slot.used).toBe(0);
  });

  test('of a period that is forgotten is taken from nowhere', () => {
    expect(shrunkBy(slots, 7 * DAY, 1)).toBeUndefined();
  });

  test('leaves a counter that holds nothing used', () => {
    expect(usedUntil(slots, day(1))).toBe(3 * DAY);
    expect(usedUntil(slots, day(7))).toBeUndefined();
    const shrunk = shrunkBy(slots, DAY, 1)?.slots ?? [];
    expect(usedUntil(shrunk, day(1))).toBeUndefined();
    expect(usedUntil(shrunk, day(2))).toBe(4 * DAY);
    expect(usedUntil([{ bucket: 0, used: 0, until: 5 }], undefined)).toBeUndefined();
    expect(usedUntil([{ bucket: 0, used: 1, until: 5 }], undefined)).toBe(5);
  });
});
