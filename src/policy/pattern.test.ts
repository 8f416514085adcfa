import { expect, test } from 'vitest';
import { matches, readPattern } from './pattern.ts';

test.each([
  ['*', 'anything', true],
  ['get_*', 'get_', true],
  ['get_*', 'Get_x', false],
  ['*_get', 'x_get', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['a*b*c', 'a__b__c', true],
  ['a*b*c', 'acb', false],
  ['*ab*ab*', 'ab-a-b', false],
  ['*ab*ab*', 'abab', true],
  ['x*ab*b', 'x-ab', false],
  ['a**b', 'ab', true],
  ['a.c*', 'abc', false],
  ['ab*ba', 'aba', false],
  ['ab*ba', 'abba', true],
  ['a*bc*c', 'abc', false],
  ['a*bc*c', 'abcc', true],
  ['a*b*b', 'ab', false],
  ['a*b*b', 'abb', true],
])('%s on %s: %s', (pattern, name, expected) => {
  expect(matches(readPattern(pattern), name)).toBe(expected);
});

test('weight counts characters, not stars', () => {
  expect(readPattern('a**😀*').weight).toBe(2);
});
