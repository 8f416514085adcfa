import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { findOverlaps } from './overlap.ts';
import { matches, type Pattern, readPattern } from './pattern.ts';

/** All names of up to seven letters over the patterns' own letters and one more. */
function everyName(): readonly string[] {
  const names: string[] = [];
  let last = [''];
  for (let length = 1; length <= 7; length++) {
    last = last.flatMap((name) => ['a', 'b', 'x'].map((letter) => name + letter));
    names.push(...last);
  }
  return names;
}

const NAMES = everyName();

function isUnsettled(
  name: string,
  first: Pattern,
  second: Pattern,
  all: readonly Pattern[],
  exact: ReadonlyMap<string, unknown>,
) {
  if (!matches(first, name) || !matches(second, name) || exact.has(name)) return false;
  return !all.some((pattern) => pattern.weight > first.weight && matches(pattern, name));
}

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), minLength: 1, maxLength: 4 });
const texts = fc.uniqueArray(
  letters.filter((text) => text.includes('*')),
  { minLength: 2, maxLength: 5 },
);
const settled = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'x'), minLength: 1, maxLength: 3 }), {
  maxLength: 4,
});

test('what is found, and only that, is found by trying all short names too', () => {
  fc.assert(
    fc.property(texts, settled, (list, exactNames) => {
      const patterns = list.map(readPattern);
      const exact = new Map(exactNames.map((name) => [name, {}]));
      const found = new Map(
        findOverlaps(patterns, exact).map((overlap) => [`${overlap.first.text} ${overlap.second.text}`, overlap]),
      );
      for (const first of patterns) {
        for (const second of patterns) {
          if (first.text >= second.text || first.weight !== second.weight) continue;
          const overlap = found.get(`${first.text} ${second.text}`);
          const tried = NAMES.find((name) => isUnsettled(name, first, second, patterns, exact));
          expect(overlap?.example?.length ?? 0, `${first.text} ${second.text}`).toBe(tried?.length ?? 0);
          if (overlap?.example !== undefined) {
            expect(isUnsettled(overlap.example, first, second, patterns, exact)).toBe(true);
          }
        }
      }
    }),
    { seed: 2, numRuns: 300 },
  );
});

test('a search that would take too long names a pair instead of passing it', () => {
  const piece = (index: number) => `${'ab'.repeat(index % 7)}${'c'.repeat(index % 5)}${index}`;
  const short = ['*a*b*c*d*', '*d*c*b*a*'];
  const longer = Array.from({ length: 60 }, (_, index) => `*${piece(index)}*${piece(index + 1)}*`);
  const found = findOverlaps([...short, ...longer].map(readPattern), new Map());
  expect(found.length).toBeGreaterThan(0);
});
