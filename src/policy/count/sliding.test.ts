import { describe, expect, test } from 'vitest';
import { bucketAt, bucketEnd, bucketWidth, emptyBucket, stillCounting, usedWithin, waitForRoom } from './sliding.ts';
import type { Slot } from './slot.ts';

const MINUTE = 60_000;

function slot(bucket: number, used: number): Slot {
  return { ...emptyBucket(bucket, MINUTE), used };
}

describe('a sliding window of one minute', () => {
  const slots = [slot(10, 2), slot(25, 1)];

  test('has buckets of a second', () => {
    expect(bucketWidth(MINUTE)).toBe(1_000);
    expect(bucketWidth(1)).toBe(1);
  });

  test('counts a call until the minute after the end of its bucket, to the millisecond', () => {
    expect(bucketEnd(10, MINUTE)).toBe(71_000);
    expect(usedWithin(slots, MINUTE, 70_999)).toBe(3);
    expect(usedWithin(slots, MINUTE, 71_000)).toBe(1);
    expect(usedWithin(slots, MINUTE, 85_999)).toBe(1);
    expect(usedWithin(slots, MINUTE, 86_000)).toBe(0);
    expect(stillCounting(slots, MINUTE, 71_000)).toEqual([slot(25, 1)]);
    expect(stillCounting(slots, MINUTE, 86_000)).toEqual([]);
  });

  test('stands still while the clock is behind its newest bucket', () => {
    expect(bucketAt(slots, MINUTE, 3_000)).toBe(25);
    expect(usedWithin(slots, MINUTE, 3_000)).toBe(3);
  });

  test('does not count again what had slid out when the clock steps back', () => {
    const later = [...slots, slot(80, 1)];
    expect(usedWithin(later, MINUTE, 80_500)).toBe(2);
    expect(usedWithin(later, MINUTE, 3_000)).toBe(2);
    expect(waitForRoom(later, MINUTE, 3_000, 1, 2)).toBe(83_000);
  });

  test('says how long until there is room', () => {
    expect(waitForRoom(slots, MINUTE, 30_000, 1, 3)).toBe(41_000);
    expect(waitForRoom(slots, MINUTE, 30_000, 1, 1)).toBe(56_000);
    expect(waitForRoom(slots, MINUTE, 30_000.5, 1, 1)).toBe(56_000);
    expect(waitForRoom(slots, MINUTE, 3_000, 1, 1)).toBe(83_000);
    expect(waitForRoom(slots, MINUTE, 3_000, 2, 1)).toBe(MINUTE);
  });
});
