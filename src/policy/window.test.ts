import { expect, test } from 'vitest';
import { readWindow } from './window.ts';

test.each([
  ['second', 1_000],
  ['month', 31 * 86_400_000],
  ['90s', 90_000],
  ['6h', 21_600_000],
  ['7d', 604_800_000],
  [60, 60_000],
  ['1s', 1_000],
  ['366d', 31_622_400_000],
  [31_622_400, 31_622_400_000],
])('%j', (value, ms) => {
  expect(readWindow(value)).toEqual({ ms, text: String(value) });
});

test.each([
  0,
  -1,
  1.5,
  '60',
  '0s',
  '1y',
  'fortnight',
  '1e3s',
  'constructor',
  '367d',
  '31622401s',
  '90sx',
  'x90s',
  '090s',
  31_622_401,
  1e300,
  null,
  true,
])('%j is refused', (value) => {
  expect(readWindow(value)).toMatch(/window/);
});

test('a window of no length is told to be too short, in either spelling', () => {
  expect(readWindow('0s')).toBe('the window must be at least one second');
  expect(readWindow('00d')).toBe('the window must be at least one second');
  expect(readWindow(0)).toBe('the window must be at least one second');
});
