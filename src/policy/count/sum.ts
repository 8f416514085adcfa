/**
 * An exact amount that is not negative: a safe integer is a plain number, everything else a `Decimal`.
 * INVARIANT: what fits a safe integer is never a `Decimal`, so that counting calls needs no big numbers.
 */
export type Sum = number | Decimal;

/** `digits` divided by ten to the power of `scale`; no digit too many. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const TEN = 10n;
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** What a double means: its shortest decimal text (5.1 is 5.1). Undefined for what cannot be counted: negative, endless, no number. */
export function sumOf(value: number): Sum | undefined {
  if (!(value >= 0) || value === Infinity) return undefined;
  // Adding zero turns -0 into 0.
  return Number.isSafeInteger(value) ? value + 0 : readDecimal(String(value));
}

export function plus(a: Sum, b: Sum): Sum {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  const [x, y] = [decimal(a), decimal(b)];
  const scale = Math.max(x.scale, y.scale);
  return settled(scaled(x, scale) + scaled(y, scale), scale);
}

/** Never below zero. */
export function minus(a: Sum, b: Sum): Sum {
  if (typeof a === 'number' && typeof b === 'number') return Math.max(0, a - b);
  const [x, y] = [decimal(a), decimal(b)];
  const scale = Math.max(x.scale, y.scale);
  const digits = scaled(x, scale) - scaled(y, scale);
  return digits <= 0n ? 0 : settled(digits, scale);
}

/** Whether `a` is more than `b`. */
export function isMore(a: Sum, b: Sum): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a > b;
  const [x, y] = [decimal(a), decimal(b)];
  const scale = Math.max(x.scale, y.scale);
  return scaled(x, scale) > scaled(y, scale);
}

/** The nearest double; the largest one for what is beyond it. */
export function nearestDouble(sum: Sum): number {
  return typeof sum === 'number' ? sum : Math.min(Number(sumText(sum)), Number.MAX_VALUE);
}

/** A text that `readSum` reads again: digits and how many places the point is to be moved. */
export function sumText({ digits, scale }: Decimal): string {
  return `${digits}e-${scale}`;
}

/** Undefined for a text that no sum has. */
export function readSum(text: string): Sum | undefined {
  return /^\d+e-\d{1,4}$/.test(text) ? readDecimal(text) : undefined;
}

/** A decimal text without a sign, as `String` writes doubles or `sumText` writes sums. */
function readDecimal(text: string): Sum | undefined {
  const [, whole, fraction = '', exponent = '0'] = /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = BigInt(whole + fraction);
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? settled(digits * TEN ** BigInt(-scale), 0) : settled(digits, scale);
}

function decimal(sum: Sum): Decimal {
  return typeof sum === 'number' ? { digits: BigInt(sum), scale: 0 } : sum;
}

function scaled({ digits, scale }: Decimal, to: number): bigint {
  return scale === to ? digits : digits * TEN ** BigInt(to - scale);
}

function settled(all: bigint, places: number): Sum {
  let [digits, scale] = [all, places];
  while (scale > 0 && digits % TEN === 0n) {
    digits /= TEN;
    scale -= 1;
  }
  return scale === 0 && digits <= LARGEST ? Number(digits) : { digits, scale };
}
