import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textLike } from './pattern-example.ts';

test.each([
  '^\\d+[hdw]$',
  '^[0-9a-fA-F]{32}$',
  '^[.\\-A-Za-z0-9]+([=!,]{1,2}[./\\-A-Za-z0-9]+)+$',
  '^([/_.\\-A-Za-z0-9=, ()!])+$',
  '^(user|team):.+$',
  '^[a-zA-Z0-9][a-zA-Z0-9._-]*$',
  '^arn:aws(?:-[a-z]+)?:iam::\\d{12}:role/.+$',
  '^(?<kind>[A-Z]{3})-\\w{2,}$',
  '^[^/]+$',
  'x|y',
])('a text for %s', (pattern) => {
  expect(textLike(pattern)).toMatch(new RegExp(pattern, 'u'));
});

test.each(['^(?=a)b$', '(a', 'a)', '[a', '*a', '\\1', '^a{9999}$', '(?i)a'])('%s is not understood', (pattern) => {
  expect(textLike(pattern)).toBeUndefined();
});

test('any text is an answer, in no time', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab()[]{}|\\*+?^$.1,-') }), (text) => void textLike(text)),
  );
});
