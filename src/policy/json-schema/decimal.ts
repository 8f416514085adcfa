/** A number as it is written: `digits` times ten to the `exponent`. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

const LONGEST = 400;

/** Reads a JSON number exactly; undefined beyond what any double or counter of a server needs. */
export function readDecimal(text: string): Decimal | undefined {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,4}))?$/i.exec(text);
  if (parts === null || text.length > LONGEST) return undefined;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const exponent = Number(power) - fraction.length;
  if (Math.abs(exponent) > LONGEST) return undefined;
  return { digits: BigInt(`${sign}${whole}${fraction}`), exponent };
}

/** A double stands for the shortest text that is read as it, which is what was written: 0.1 is a tenth. */
export function decimalOf(value: number): Decimal {
  return readDecimal(String(value)) ?? { digits: 0n, exponent: 0 };
}

/** Negative, zero or positive, as `left` is less than, equal to or more than `right`. */
export function compare(left: Decimal, right: Decimal): number {
  const least = Math.min(left.exponent, right.exponent);
  const a = scaled(left, least);
  const b = scaled(right, least);
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function isMultiple(value: Decimal, of: Decimal): boolean {
  const least = Math.min(value.exponent, of.exponent);
  return scaled(value, least) % scaled(of, least) === 0n;
}

function scaled(value: Decimal, exponent: number): bigint {
  return value.digits * 10n ** BigInt(value.exponent - exponent);
}
