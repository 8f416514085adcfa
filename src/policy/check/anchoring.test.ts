import { expect, test } from 'vitest';
import { anchoringOf } from './anchoring.ts';

test.each([
  ['^a$', 'held', 'held'],
  ['^(?:a|b)$', 'held', 'held'],
  ['^a$|^b$', 'held', 'held'],
  ['(?:^a|^b)$', 'held', 'held'],
  ['\\Aa\\z', 'held', 'held'],
  ['(?i)^a$', 'held', 'held'],
  ['(^a)(b$)', 'held', 'held'],
  ['(?P<name>^a$)', 'held', 'held'],
  ['^a.*', 'held', 'held'],
  ['.*a.*', 'held', 'held'],
  ['^a[\\s\\S]*', 'held', 'held'],
  ['(?-m)^a$', 'held', 'held'],
  ['a', 'open', 'open'],
  ['^a', 'held', 'open'],
  ['a$', 'open', 'held'],
  ['^a|b$', 'open', 'open'],
  ['^a$|', 'open', 'open'],
  ['(?m)^a$', 'open', 'open'],
  ['(?m:^a$)', 'open', 'open'],
  ['(?m:x)^a$', 'open', 'held'],
  ['\\^a\\$', 'open', 'open'],
  ['[\\^$]a[$]', 'open', 'open'],
  ['\\Q^a$\\E', 'open', 'open'],
  ['[]^$]x', 'open', 'open'],
  ['(?:^|,)a(?:,|$)', 'open', 'open'],
  ['^a{2,3}', 'held', 'open'],
  ['[[:alpha:]]+', 'open', 'open'],
  ['\\pL\\x{10FFFF}\\b', 'open', 'open'],
  ['(?:^a)?b', 'unsure', 'open'],
])('%s', (pattern, start, end) => {
  expect(anchoringOf(pattern)).toEqual({ start, end });
});

test('what cannot be read is left alone', () => {
  expect(anchoringOf('(?<')).toEqual({ start: 'unsure', end: 'unsure' });
  expect(anchoringOf('('.repeat(60) + ')'.repeat(60)).start).toBe('unsure');
});
