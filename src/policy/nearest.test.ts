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

test.each<[string, readonly string[], string | undefined]>([
  ['ab', ['ba'], 'ba'],
  ['ba', ['ab', 'bb'], 'ab'],
  ['abc', ['cab'], undefined],
  ['abcdef', ['badcef'], 'badcef'],
  ['abcdef', ['badcfe'], undefined],
  ['abcd', ['acbd', 'abce'], 'acbd'],
  ['xabc', ['xacb', 'xabd'], 'xacb'],
  ['aabb', ['abab'], 'abab'],
  ['abx', ['ab', 'abxy'], 'ab'],
  ['l'.repeat(64), [`${'l'.repeat(63)}m`], `${'l'.repeat(63)}m`],
  ['l'.repeat(65), ['l'.repeat(64)], undefined],
])('of equally near words the first is meant: %s among %j is %s', (word, known, meant) => {
  expect(nearest(word, known)).toBe(meant);
});
