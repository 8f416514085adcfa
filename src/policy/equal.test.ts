import { describe, expect, test } from 'vitest';
import type { Json } from '../wire/json.ts';
import { equal, isMember, membersOf } from './equal.ts';
import { spelling } from './spelling.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

describe('deep equality', () => {
  test.each<[Json, Json, Truth, Truth]>([
    // wanted, found, exact, wary
    [5, 5, TRUE, TRUE],
    [5, '5', FALSE, UNKNOWN],
    [5, '6', FALSE, FALSE],
    [5, 6, FALSE, FALSE],
    ['a', 'A', FALSE, FALSE],
    [null, 'null', FALSE, UNKNOWN],
    [true, 1, FALSE, UNKNOWN],
    [5, [5], FALSE, FALSE],
    [[5], 5, FALSE, FALSE],
    [{ a: 1 }, [1], FALSE, FALSE],
    [[1], { '0': 1 }, FALSE, FALSE],
    [[1, 2], [1, 2], TRUE, TRUE],
    [[1, 2], [2, 1], FALSE, FALSE],
    [[1], [1, 2], FALSE, FALSE],
    [[1, 2], [1], FALSE, FALSE],
    [[], [], TRUE, TRUE],
    [[1, 2], ['1', 2], FALSE, UNKNOWN],
    [[1, 2], ['1', 3], FALSE, FALSE],
    [[null], [], FALSE, FALSE],
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, TRUE, TRUE],
    [{ a: 1 }, { a: 1, b: 2 }, FALSE, FALSE],
    [{ a: 1, b: null }, { a: 1, c: null }, FALSE, FALSE],
    [{ a: 1, b: 2 }, { a: '1', b: 2 }, FALSE, UNKNOWN],
    [{ a: 1, b: 2 }, { a: '1', b: 3 }, FALSE, FALSE],
    [{ a: [true] }, { a: ['true'] }, FALSE, UNKNOWN],
  ])('%j and %j', (wanted, found, exact, wary) => {
    expect(equal(wanted, found, 'exact')).toBe(exact);
    expect(equal(wanted, found, 'wary')).toBe(wary);
    expect(isMember(membersOf([wanted]), found, 'exact')).toBe(exact);
    expect(isMember(membersOf([wanted]), found, 'wary')).toBe(wary);
  });

  test.each<[Json[], Json, Truth, Truth]>([
    [[1, 'b'], 1, TRUE, TRUE],
    [[1, 'b'], '1', FALSE, UNKNOWN],
    [['1', 2], 1, FALSE, UNKNOWN],
    [['1', 2], '2', FALSE, UNKNOWN],
    [[1, '1'], '1', TRUE, TRUE],
    [['01', 'x'], '1', FALSE, FALSE],
    [['on', 1], true, FALSE, UNKNOWN],
    [['1', 1], true, FALSE, UNKNOWN],
    [[[1], 1], [1], TRUE, TRUE],
    [[[1], [2]], ['2'], FALSE, UNKNOWN],
    [[['1'], [1]], [1], TRUE, TRUE],
    [[[3], ['2']], [2], FALSE, UNKNOWN],
    [[], 1, FALSE, FALSE],
    [[], [1], FALSE, FALSE],
    [[[1]], 1, FALSE, FALSE],
    [[1], [1], FALSE, FALSE],
  ])('among %j, %j', (wanted, found, exact, wary) => {
    expect(isMember(membersOf(wanted), found, 'exact')).toBe(exact);
    expect(isMember(membersOf(wanted), found, 'wary')).toBe(wary);
  });
});

test.each([
  [[5, '5', ' 5.0 ', '5e0', '5_0'.replace('_0', ''), '0x5'], '5'],
  [[true, 'True', 't', 'YES', 'y', 'on', 1, '1', '１'], '1'],
  [[false, 'FALSE', 'f', 'no', 'N', 'off', 0, '0', '-0', -0, '0.0'], '0'],
  [[null, 'null', 'NULL'], 'null'],
  [['', ' '], ''],
  [['abc', ' ABC '], 'abc'],
  [[1000, '1_000', '1e3'], '1000'],
])('%j are spelt alike', (values, spelt) => {
  expect(values.map(spelling)).toEqual(values.map(() => spelt));
});
