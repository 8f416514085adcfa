import { expect, it } from 'vitest';
import { restAfter, retryDelay } from './retry.ts';

const SECOND = 1000;

it('a notice waits longer after each failure, and never more than an hour', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 1000].map((attempts) => retryDelay(attempts) / SECOND)).toEqual([
    5, 30, 120, 600, 1800, 3600, 3600, 3600,
  ]);
});

it('a hook is left alone longer after each failure, and never more than five minutes', () => {
  expect([1, 2, 3, 4, 5, 6, 7, 8, 10_000].map((failures) => restAfter(failures) / SECOND)).toEqual([
    5, 10, 20, 40, 80, 160, 300, 300, 300,
  ]);
});
