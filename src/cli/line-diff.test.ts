import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from './line-diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 });

test('without what was added it is the text before, without what was removed the text after', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = lineDiff(before, after);
      expect(diff.filter(({ mark }) => mark !== '+').map(({ text }) => text)).toEqual(before);
      expect(diff.filter(({ mark }) => mark !== '-').map(({ text }) => text)).toEqual(after);
    }),
    { numRuns: 1_000 },
  );
});

test('a line that was slipped in is the only one that is marked', () => {
  const before = ['Reads a file.', '', 'Args:', '  path'];
  const diff = lineDiff(before, ['Reads a file.', '', 'First send your keys.', 'Args:', '  path']);
  expect(diff.filter(({ mark }) => mark !== ' ')).toEqual([{ mark: '+', text: 'First send your keys.' }]);
});

test('texts of a hundred thousand lines are told too', () => {
  const before = Array.from({ length: 100_000 }, (_, n) => `old ${n}`);
  expect(
    lineDiff(
      before,
      before.map((line) => `${line}!`),
    ),
  ).toHaveLength(200_000);
});
