import type { Json } from '../../src/wire/json.ts';

const SECONDS: { readonly [word: string]: number } = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 31 * 86_400,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

/** The length of a window in milliseconds, however it is spelled. */
export function windowMs(window: Json | undefined): number {
  if (typeof window === 'number') return window * 1000;
  const text = String(window);
  const named = SECONDS[text];
  if (named !== undefined && text.length > 1) return named * 1000;
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? Number.NaN) * 1000;
}
