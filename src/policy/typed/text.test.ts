import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differInCaseAlone, foldCase } from './text.ts';

/** Letters that fold in odd ways: by length, by place in the word, into ASCII; and signs whose codes lie apart like a letter and its capital. */
const letter = fc.constantFrom(...'aAkK\u212asSſßẞiIİıσςΣŉΐ@`[{_\x7f1'.split(''));
const pairs = fc
  .array(fc.tuple(letter, letter, fc.boolean()), { maxLength: 40 })
  .map((letters): [string, string] => [
    letters.map(([one]) => one).join(''),
    letters.map(([one, other, isSame]) => (isSame ? one : other)).join(''),
  ]);

test('two texts of one length differ in case alone exactly when they fold to the same', () => {
  fc.assert(
    fc.property(pairs, ([one, other]) => {
      fc.pre(one.length === other.length);
      expect(differInCaseAlone(one, other)).toBe(foldCase(one) === foldCase(other));
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['amount', 'Amount', true],
  ['amount', 'amounT', true],
  ['key', '\u212aey', true],
  ['amount', 'amounx', false],
  ['a[', 'a{', false],
  ['a@', 'a`', false],
])('%s and %s: %s', (one, other, wanted) => {
  expect(differInCaseAlone(one, other)).toBe(wanted);
});
