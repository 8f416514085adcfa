import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dateOfDay, dayOfDate } from './civil-date.ts';

const DAY = 86_400_000;
const days = fc.integer({ min: -719_162, max: 2_932_896 });

test('a day has the date that JavaScript gives it', () => {
  fc.assert(
    fc.property(days, (day) => {
      const date = new Date(day * DAY);
      const wanted = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
      expect(dateOfDay(day)).toEqual(wanted);
    }),
  );
});

test('the day of a date is the day it was made from', () => {
  fc.assert(fc.property(days, (day) => dayOfDate(dateOfDay(day)) === day));
});

test.each([
  ['1970-01-01', 0],
  ['2000-02-29', 11_016],
  ['2000-03-01', 11_017],
  ['1900-02-28', -25_509],
  ['1900-03-01', -25_508],
  ['0001-01-01', -719_162],
  ['9999-12-31', 2_932_896],
])('%s is day %i', (text, day) => {
  const [year = 0, month = 0, dayOfMonth = 0] = text.split('-').map(Number);
  expect(dayOfDate({ year, month, day: dayOfMonth })).toBe(day);
  expect(dateOfDay(day)).toEqual({ year, month, day: dayOfMonth });
});
