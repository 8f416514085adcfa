import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMore, minus, nearestDouble, plus, readSum, type Sum, sumOf, sumText } from './sum.ts';

function sum(value: number): Sum {
  const found = sumOf(value);
  if (found === undefined) throw new Error(`${value} cannot be counted`);
  return found;
}

/** By the slow way: everything in units of ten to the power of -400. */
function exactly(value: number): bigint {
  const [, whole = '', fraction = '', exponent = '0'] = /^(\d+)\.?(\d*)e([+-]\d+)$/.exec(value.toExponential()) ?? [];
  return BigInt(whole + fraction) * 10n ** BigInt(400 + Number(exponent) - fraction.length);
}

const amount = fc.oneof(
  fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 0, max: 1_000, noNaN: true }),
  fc.nat().map((cents) => cents / 100),
  fc.maxSafeNat(),
);

describe('sums of amounts', () => {
  test('0.1 and 0.2 are 0.3', () => {
    expect(plus(sum(0.1), sum(0.2))).toEqual(sum(0.3));
    expect(isMore(plus(sum(0.1), sum(0.2)), sum(0.3))).toBe(false);
  });

  test('ten times 0.1 is the number 1', () => {
    expect(Array.from({ length: 10 }, () => sum(0.1)).reduce(plus)).toBe(1);
  });

  test('no call is lost beyond 2^53', () => {
    const full = Number.MAX_SAFE_INTEGER;
    const more = plus(plus(full, 1), 1);
    expect(isMore(more, plus(full, 1))).toBe(true);
    expect(minus(more, 2)).toBe(full);
  });

  test('what is no amount has no sum', () => {
    for (const odd of [Number.NaN, Infinity, -Infinity, -1, -Number.MIN_VALUE]) expect(sumOf(odd)).toBeUndefined();
    expect(Object.is(sumOf(-0), 0)).toBe(true);
    for (const text of ['', '1', '1.5', '-1e-1', '1e-', 'e-1', '0x1e-1', '1e-99999'])
      expect(readSum(text)).toBeUndefined();
  });

  test('taking away never goes below zero', () => {
    expect(minus(sum(0.1), sum(0.2))).toBe(0);
    expect(minus(3, 5)).toBe(0);
  });

  test('adding, comparing and taking away are exact, whatever the amounts', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 1, maxLength: 8 }), amount, (amounts, max) => {
        const exact = amounts.reduce((all, one) => all + exactly(one), 0n);
        const total = amounts.map(sum).reduce(plus);
        expect(isMore(total, sum(max))).toBe(exact > exactly(max));
        expect(isMore(sum(max), total)).toBe(exactly(max) > exact);
        const back = amounts.slice(1).map(sum).reduce(minus, total);
        expect(back).toEqual(sum(amounts[0] ?? Number.NaN));
      }),
    );
  });

  test('the nearest double of a single amount is that amount, and its text is read again', () => {
    fc.assert(
      fc.property(amount, amount, (a, b) => {
        expect(nearestDouble(sum(a))).toBe(a);
        const total = plus(sum(a), sum(b));
        if (typeof total !== 'number') expect(readSum(sumText(total))).toEqual(total);
        expect(nearestDouble(total)).toBeLessThan(Infinity);
      }),
    );
  });
});
