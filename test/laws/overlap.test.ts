import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/policy/compile.ts';
import { strictObject } from './arbitrary-value.ts';
import { isInstance, literals } from './naive-entry.ts';
import { hold, PATIENCE, TRIALS } from './runs.ts';

/** Every name of up to six letters a, b, c; `c` stands for all letters that no pattern holds. */
const NAMES = namesUpTo(6);

function namesUpTo(length: number): string[] {
  const names = [''];
  for (let from = 0, size = 0; size < length; size++) {
    const to = names.length;
    for (const name of names.slice(from, to)) names.push(`${name}a`, `${name}b`, `${name}c`);
    from = to;
  }
  return names;
}

/** A name for which two patterns tie and nothing settles it. */
function tiedName(keys: readonly string[]): string | undefined {
  const patterns = keys.filter((key) => key.includes('*'));
  return NAMES.find((name) => {
    if (keys.includes(name)) return false;
    const counts = patterns.filter((pattern) => isInstance(name, pattern)).map(literals);
    const most = Math.max(...counts);
    return counts.filter((count) => count === most).length > 1;
  });
}

const piece = fc.constantFrom('a', 'b', '*');
const pattern = fc.array(piece, { minLength: 1, maxLength: 4 }).map((pieces) => pieces.join(''));

function loads(keys: readonly string[]): boolean {
  const tools = Object.fromEntries(keys.map((key) => [key, {}]));
  return compilePolicy(strictObject({ version: '1', default: 'deny', tools }), 'policy').kind === 'policy';
}

describe(`patterns that tie (${TRIALS})`, () => {
  test('what loads leaves no name for which two patterns tie', { timeout: PATIENCE }, () => {
    hold(
      fc.property(fc.uniqueArray(pattern, { minLength: 2, maxLength: 5 }), (keys) => {
        if (loads(keys)) expect(tiedName(keys)).toBeUndefined();
      }),
    );
  });

  test('two patterns are refused only where one name proves the tie', { timeout: PATIENCE }, () => {
    hold(
      fc.property(fc.uniqueArray(pattern, { minLength: 2, maxLength: 2 }), (keys) => {
        expect(loads(keys)).toBe(tiedName(keys) === undefined);
      }),
    );
  });
});
