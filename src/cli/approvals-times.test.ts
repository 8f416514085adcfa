import { expect, test } from 'vitest';
import { leftText, timeText } from './approvals-times.ts';

test.each([
  [0, '0 s'],
  [-5, '0 s'],
  [0.2, '1 s'],
  [59, '59 s'],
  [60, '1 min'],
  [725, '12 min 5 s'],
  [7_500, '2 h 5 min'],
  [3_601, '1 h'],
  [90_000, '1 d 1 h'],
  [86_400 * 31, '31 d'],
])('%d seconds are %s', (seconds, text) => {
  expect(leftText(seconds)).toBe(text);
});

test('a time is told to the second', () => {
  expect(timeText('2026-06-01T12:00:00.123Z')).toBe('2026-06-01T12:00:00Z');
});
