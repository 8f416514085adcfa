/** Mantissas at which people stop when they round. */
const STOPS: readonly number[] = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
/** Up to here every whole number is as good as another. */
const SMALL = 10;

/** The next number, not smaller, that a person would have written. */
export function friendlyUp(value: number): number {
  return value < 0 ? -magnitudeDown(-value) : magnitudeUp(value);
}

/** The next number, not greater, that a person would have written. */
export function friendlyDown(value: number): number {
  return value < 0 ? -magnitudeUp(-value) : magnitudeDown(value) + 0;
}

function magnitudeUp(value: number): number {
  if (isPlain(value)) return value;
  const stop = stopsAround(value).find((one) => one >= value && keepsWhole(one, value));
  return stop === undefined || !Number.isFinite(stop) ? value : stop;
}

function magnitudeDown(value: number): number {
  if (isPlain(value)) return value;
  return stopsAround(value).findLast((one) => one <= value && keepsWhole(one, value)) ?? value;
}

function isPlain(value: number): boolean {
  return value === 0 || !Number.isFinite(value) || (value <= SMALL && Number.isInteger(value));
}

/** A whole number is not rounded to a broken one. */
function keepsWhole(stop: number, value: number): boolean {
  return Number.isInteger(stop) || !Number.isInteger(value);
}

/** By their decimal text, so that 0.3 is 0.3. */
function stopsAround(value: number): readonly number[] {
  const exponent = Math.floor(Math.log10(value));
  return [exponent - 1, exponent, exponent + 1].flatMap((power) => STOPS.map((stop) => Number(`${stop}e${power}`)));
}
