import { expect, it } from 'vitest';
import { askedDelay } from './asked-delay.ts';

const NOW = Date.UTC(2026, 10, 21);
const SECOND = 1000;
const HOUR = 3_600_000;

it.each([
  ['0', 0],
  ['120', 120 * SECOND],
  [' 120 ', 120 * SECOND],
  ['3601', HOUR],
  ['9'.repeat(60), HOUR],
  ['Sat, 21 Nov 2026 00:01:00 GMT', 60 * SECOND],
  ['Fri, 20 Nov 2026 00:01:00 GMT', 0],
  ['Sat, 21 Nov 2099 00:01:00 GMT', HOUR],
])('a receiver that asks with "%s" to be left alone is left alone for %i ms', (header, ms) => {
  expect(askedDelay(header, NOW)).toBe(ms);
});

it.each([undefined, '', '-1', '1.5', '1e3', 'tomorrow', '2026-11-21', 'Sat, nonsense', '9'.repeat(65)])(
  'what is no time asks for nothing: %s',
  (header) => {
    expect(askedDelay(header, NOW)).toBeUndefined();
  },
);
