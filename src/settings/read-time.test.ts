import { expect, test } from 'vitest';
import { readTime } from './read-time.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

test.each([
  ['90s', NOON - 90_000],
  ['30m', NOON - 1_800_000],
  ['2h', NOON - 7_200_000],
  ['7d', NOON - 604_800_000],
  ['1w', NOON - 604_800_000],
  ['0h', NOON],
  ['2026-05-01', Date.UTC(2026, 4, 1)],
  ['2026-05-01T08:00:00+02:00', Date.UTC(2026, 4, 1, 6)],
])('%s is a time', (text, at) => {
  expect(readTime(text, NOON)).toBe(at);
});

test.each(['', '7', 'd', '7 d', '-7d', '7D', '1.5h', '1y', '2026-05-01T08:00', '2026-02-30', 'yesterday'])(
  '%j is none',
  (text) => {
    expect(readTime(text, NOON)).toBeUndefined();
  },
);
