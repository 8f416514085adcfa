import { compare, type Decimal, decimalOf, isMultiple, readDecimal } from './decimal.ts';
import { rawNumber } from './measure.ts';
import { miss, spend } from './run.ts';
import { keywordOf, refuse, type Spot } from './spot.ts';

interface Bound {
  readonly value: number | Decimal;
  readonly shown: string;
}

const SIDES = [
  { key: 'minimum', words: 'at least', holds: (order: number) => order >= 0 },
  { key: 'maximum', words: 'at most', holds: (order: number) => order <= 0 },
  { key: 'exclusiveMinimum', words: 'more than', holds: (order: number) => order > 0 },
  { key: 'exclusiveMaximum', words: 'less than', holds: (order: number) => order < 0 },
];

/** The keywords of numbers, all exact: bounds that no double holds, and multiples of 0.01, too. */
export function addNumberChecks(spot: Spot): void {
  for (const { key, words, holds } of SIDES) {
    const bound = boundAt(spot, key);
    if (bound === undefined) continue;
    const wants = `be ${words} ${bound.shown}`;
    const limit = bound.value;
    spot.into.onNumber.push((found, run) => {
      const order = typeof limit === 'number' ? found - limit : compare(decimalOf(found), limit);
      return holds(order) || miss(run, wants);
    });
  }
  addMultipleOf(spot);
}

function addMultipleOf(spot: Spot): void {
  const bound = boundAt(spot, 'multipleOf');
  if (bound === undefined) return;
  const unit = typeof bound.value === 'number' ? decimalOf(bound.value) : bound.value;
  if (unit.digits <= 0n) return refuse(spot, 'multipleOf', 'must be more than 0');
  const whole = typeof bound.value === 'number' && Number.isSafeInteger(bound.value) ? bound.value : undefined;
  const wants = `be a multiple of ${bound.shown}`;
  spot.into.onNumber.push((found, run) => {
    if (whole !== undefined && Number.isSafeInteger(found)) return found % whole === 0 || miss(run, wants);
    const decimal = decimalOf(found);
    spend(run, 20 + Math.abs(decimal.exponent - unit.exponent));
    return isMultiple(decimal, unit) || miss(run, wants);
  });
}

function boundAt(spot: Spot, key: string): Bound | undefined {
  const value = keywordOf(spot, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number') return { value, shown: String(value) };
  const raw = rawNumber(value);
  if (raw === undefined) return refuse(spot, key, 'must be a number');
  const decimal = readDecimal(raw);
  if (decimal === undefined) return refuse(spot, key, 'is a number too large or too long to compare with');
  return { value: decimal, shown: raw.length > 40 ? 'the number that the schema gives' : raw };
}
