import { expect, test } from 'vitest';
import { nearDay } from './near-day.ts';

test.each([
  ['2026-12-31', 1, '2027-01-01'],
  ['2027-01-01', -1, '2026-12-31'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-02-28', 1, '2026-03-01'],
  ['2026-11-21', 366, '2027-11-22'],
  ['2026-11-21', 0, '2026-11-21'],
  ['2026-02-30', 0, '2026-03-02'],
])('%s and %d days are %s', (day, days, expected) => {
  expect(nearDay(day, days)).toBe(expected);
});
