import { expect, test } from 'vitest';
import { didYouMean, nearest } from './nearest.ts';

const KNOWN = ['limits', 'list', 'default', 'deny_if', 'rate_limit'];

test.each([
  ['limts', 'limits'],
  ['Default', 'default'],
  ['defualt', 'default'],
  ['denyif', 'deny_if'],
  ['ratelimit', 'rate_limit'],
  ['lsit', 'list'],
])('%s was meant to be %s', (word, meant) => {
  expect(nearest(word, KNOWN)).toBe(meant);
});

test.each(['zebra', '', 'x', 'l'.repeat(10_000)])('nothing is near to %j', (word) => {
  expect(nearest(word, KNOWN)).toBeUndefined();
  expect(didYouMean(word, KNOWN)).toBe('');
});
