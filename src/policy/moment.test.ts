import { expect, test } from 'vitest';
import { isJudgeable, type MomentPart, momentInUtc, momentInZone, zoneFormat } from './moment.ts';

const PARTS: readonly MomentPart[] = ['hour', 'weekday', 'date'];

test.each([
  ['1970-01-01T00:00:00Z', [0, 'thursday', '1970-01-01']],
  ['1969-12-31T23:59:59.999Z', [23, 'wednesday', '1969-12-31']],
  ['2024-02-29T12:00:00Z', [12, 'thursday', '2024-02-29']],
  ['2100-03-01T00:00:00Z', [0, 'monday', '2100-03-01']],
  ['0004-02-29T05:00:00Z', [5, 'sunday', '0004-02-29']],
])('%s', (iso, expected) => {
  const at = Date.parse(iso);
  const utc = zoneFormat('UTC');
  expect(PARTS.map((part) => momentInUtc(at, part))).toEqual(expected);
  expect(PARTS.map((part) => utc && momentInZone(at, part, utc))).toEqual(expected);
});

test('zones are found by name, and summer time is theirs to know', () => {
  const berlin = zoneFormat('Europe/Berlin');
  expect(berlin && momentInZone(Date.UTC(2026, 6, 1, 22, 0), 'date', berlin)).toBe('2026-07-02');
  expect(zoneFormat('Mars/Olympus')).toBeUndefined();
});

test('times are judged where dates have four digits in every time zone', () => {
  const [first, last] = [Date.parse('0001-01-02T00:00:00Z'), Date.parse('9999-12-31T00:00:00Z')];
  expect([first - 1, first, last - 1, last, Number.NaN].map(isJudgeable)).toEqual([false, true, true, false, false]);
});

test('every fourth century has a leap day, the others have none', () => {
  for (const year of [1600, 1700, 1899, 1900, 1999, 2000, 2096, 2104, 2400]) {
    for (const day of [Date.UTC(year, 1, 28), Date.UTC(year, 2, 1), Date.UTC(year, 11, 31), Date.UTC(year + 1, 0, 1)]) {
      expect(momentInUtc(day, 'date')).toBe(new Date(day).toISOString().slice(0, 10));
    }
  }
});
