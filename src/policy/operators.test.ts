import { describe, expect, test } from 'vitest';
import { fourWays, type Leaf, problemsOf } from '../../test/kit/four-ways.ts';
import type { Json } from '../wire/json.ts';
import { OPERATORS } from './operators.ts';

type Row = readonly [x: Json | undefined, expected: 'true' | 'false' | 'unknown'];

const TOO_LONG = 'a'.repeat(1_000_001);

const tables: readonly (readonly [Leaf, readonly Row[]])[] = [
  [
    { op: 'not_regex', value: '^rm ' },
    [
      ['ls', 'true'],
      ['rm -rf /', 'false'],
      [undefined, 'false'],
      [null, 'false'],
      [5, 'unknown'],
      [['ls'], 'unknown'],
      [TOO_LONG, 'unknown'],
    ],
  ],
  [
    { op: 'not_regex', value: 'DROP', ignore_case: true },
    [
      ['drop table', 'false'],
      ['select', 'true'],
    ],
  ],
  [
    { op: 'not_contains', value: 'secret' },
    [
      ['a secret', 'false'],
      ['a SECRET', 'true'],
      [['secret', 'a'], 'false'],
      [['secrets'], 'true'],
      [[], 'true'],
      [undefined, 'false'],
      [null, 'false'],
      [7, 'unknown'],
      [{ secret: 1 }, 'unknown'],
      [TOO_LONG, 'unknown'],
    ],
  ],
  [
    { op: 'not_contains', value: 'secret', ignore_case: true },
    [
      ['a SECRET', 'false'],
      [['\u017fecret'], 'false'],
    ],
  ],
  [
    { op: 'starts_with', value: 'feature/' },
    [
      ['feature/x', 'true'],
      ['Feature/x', 'false'],
      [' feature/x', 'false'],
      ['feature', 'false'],
      [undefined, 'false'],
      [null, 'false'],
      [['feature/x'], 'unknown'],
      [1, 'unknown'],
      [TOO_LONG, 'unknown'],
    ],
  ],
  [{ op: 'starts_with', value: 'MAIN', ignore_case: true }, [['main', 'true']]],
  [
    { op: 'ends_with', value: '.md' },
    [
      ['a.md', 'true'],
      ['a.md\n', 'false'],
      ['a.MD', 'false'],
      [null, 'false'],
      [true, 'unknown'],
    ],
  ],
  [{ op: 'ends_with', value: '.md', ignore_case: true }, [['A.MD', 'true']]],
  [
    { op: 'length_lte', value: 3 },
    [
      ['abc', 'true'],
      ['abcd', 'false'],
      ['👍👍👍', 'true'],
      ['e\u0301e\u0301', 'false'],
      [[1, 2, 3], 'true'],
      [[1, 2, 3, 4], 'false'],
      [{ a: 1, b: 2, c: 3, d: 4 }, 'false'],
      [{}, 'true'],
      [undefined, 'false'],
      [null, 'false'],
      [3, 'unknown'],
      [true, 'unknown'],
      [TOO_LONG, 'unknown'],
    ],
  ],
  [
    { op: 'length_lt', value: 1 },
    [
      ['', 'true'],
      [[0], 'false'],
    ],
  ],
  [
    { op: 'length_gt', value: 1 },
    [
      ['👍', 'false'],
      ['ab', 'true'],
    ],
  ],
  [
    { op: 'length_gte', value: 0 },
    [
      ['', 'true'],
      [0, 'unknown'],
    ],
  ],
  [
    { op: 'type', value: 'integer' },
    [
      [5, 'true'],
      [-3e20, 'true'],
      [5.5, 'false'],
      ['5', 'false'],
      [null, 'false'],
      [undefined, 'false'],
    ],
  ],
  [
    { op: 'type', value: 'number' },
    [
      [5, 'true'],
      [5.5, 'true'],
      [true, 'false'],
    ],
  ],
  [
    { op: 'type', value: 'null' },
    [
      [null, 'true'],
      [undefined, 'false'],
      ['null', 'false'],
      [{}, 'false'],
    ],
  ],
  [
    { op: 'type', value: 'array' },
    [
      [[], 'true'],
      [{}, 'false'],
    ],
  ],
  [
    { op: 'type', value: 'object' },
    [
      [{}, 'true'],
      [[], 'false'],
      [null, 'false'],
    ],
  ],
  [
    { op: 'type', value: 'string' },
    [
      ['', 'true'],
      [1, 'false'],
      [TOO_LONG, 'unknown'],
    ],
  ],
  [
    { op: 'type', value: 'boolean' },
    [
      [false, 'true'],
      ['false', 'false'],
    ],
  ],
];

describe.each(tables)('%j', (leaf, rows) => {
  test.each(rows.map((row) => [short(row[0]), ...row] as const))('on %s', (_, x, expected) => {
    expect(fourWays(leaf, x)).toBe(expected);
  });
});

test('a number written 5.0 is an integer', () => {
  expect(fourWays({ op: 'type', value: 'integer' }, JSON.parse('5.0'))).toBe('true');
});

function short(x: Json | undefined): string {
  return JSON.stringify(x)?.slice(0, 40) ?? 'nothing';
}

describe('at load', () => {
  test.each([
    [{ op: 'length_lt', value: -1 }, '/value length_lt needs a whole number from 0, without quotes'],
    [{ op: 'length_lt', value: 1.5 }, '/value length_lt needs a whole number from 0, without quotes'],
    [{ op: 'length_gte', value: '5' }, '/value length_gte needs a whole number from 0, without quotes'],
    [{ op: 'type', value: 'strng' }, '— did you mean "string"?'],
    [{ op: 'type', value: ['string'] }, '/value type needs one of "string"'],
    [{ op: 'starts_with', value: 5 }, '/value starts_with needs a text'],
    [{ op: 'not_regex', value: '(' }, '/value not a regular expression in RE2 syntax'],
    [{ op: 'start_with', value: 'a' }, 'unknown operator "start_with" — did you mean "starts_with"?'],
    [
      { op: 'eq', value: 'a', ignore_case: true },
      '/ignore_case eq compares exactly; "ignore_case" goes with regex, not_regex',
    ],
    [{ op: 'ip_in', value: ['::1'], ignore_case: false }, '/ignore_case ip_in compares exactly'],
  ])('%j is refused', (leaf, problem) => {
    expect(problemsOf(leaf).join('\n')).toContain(problem);
  });

  test.each([
    [{ op: 'starts_with', value: '2' }, 'time.hour', '/op time.hour is a number; use one of "lt"'],
    [{ op: 'gt', value: 5 }, 'time.weekday', '/op time.weekday is a text; use one of "eq"'],
    [{ op: 'eq', value: 24 }, 'time.hour', '/value time.hour is never "24"; it is a whole number from 0 to 23'],
    [
      { op: 'eq', value: '0', within: '1h' },
      'grant.calls["pay"]',
      '/value grant.calls is never "0"; it is a whole number',
    ],
    [{ op: 'lt', value: 3 }, 'grant.labels.tier', '/op grant.labels.tier is a text'],
  ])('%j on %s can never come out', (leaf, path, problem) => {
    expect(problemsOf(leaf, path).join('\n')).toContain(problem);
  });

  test.each([
    [{ op: 'starts_with', value: '2026-12' }, 'time.date'],
    [{ op: 'lt', value: 0 }, 'time.hour'],
    [{ op: 'type', value: 'number' }, 'time.hour'],
    [{ op: 'ends_with', value: '-ci' }, 'grant.name'],
    [{ op: 'not_contains', value: 'x' }, 'tool.name'],
  ])('%j on %s loads', (leaf, path) => {
    expect(problemsOf(leaf, path)).toEqual([]);
  });
});

test('the table names each operator once, in one sentence', () => {
  const names = OPERATORS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { says } of OPERATORS) expect(says).toMatch(/^[A-Z].*\.$/);
  expect(OPERATORS.filter(({ mayIgnoreCase }) => mayIgnoreCase).map(({ name }) => name)).toEqual([
    'regex',
    'not_regex',
    'contains',
    'not_contains',
    'starts_with',
    'ends_with',
  ]);
});
