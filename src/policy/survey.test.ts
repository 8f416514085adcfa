import { expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { survey } from './survey.ts';

function nested(levels: number, inside: Json): Json {
  let value = inside;
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

test('a hundred levels are walked, and the hundred and first is refused where it begins', () => {
  expect(survey(nested(100, 1))).toBeUndefined();
  const found = survey(nested(101, 1));
  expect(found?.message).toBe('nested deeper than 100 levels; flatten it');
  expect(found?.pointer.split('/')).toHaveLength(101);
  expect(found?.pointer).toMatch(/^\/0\/a\/0\/a/);
  expect(survey(nested(100_000, 1))?.message).toBe('nested deeper than 100 levels; flatten it');
});

test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Number.NEGATIVE_INFINITY]])('%s is no number', (value) => {
  expect(survey({ a: [1, null, 'x', true, { 'b/c': value }] })).toEqual({
    pointer: '/a/4/b~1c',
    message: 'must be a finite number',
  });
  expect(survey(value)).toEqual({ pointer: '', message: 'must be a finite number' });
});

test('two million values are walked, and one more is not', () => {
  const values = (count: number): Json => new Array<Json>(count - 1).fill(null);
  expect(survey(values(2_000_000))).toBeUndefined();
  expect(survey(values(2_000_001))).toEqual({ pointer: '', message: 'holds more than 2000000 values; split it' });
});

test.each([[null], ['text'], [true], [0], [[]], [{}]])('%j is good', (value) => {
  expect(survey(value)).toBeUndefined();
});
