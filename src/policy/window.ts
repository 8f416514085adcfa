import type { Json } from '../wire/json.ts';
import type { Reservation } from './decision.ts';
import { nearest } from './nearest.ts';
import { quoted } from './problem.ts';

const SECOND = 1_000;
const DAY = 86_400_000;
/** Sliding windows: a month is 31 days. */
const NAMED: { readonly [name: string]: number } = {
  second: SECOND,
  minute: 60 * SECOND,
  hour: 3_600 * SECOND,
  day: DAY,
  week: 7 * DAY,
  month: 31 * DAY,
};
const UNITS: { readonly [unit: string]: number } = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND, d: DAY };
const LONGEST = 366 * DAY;
const TOO_SHORT = 'the window must be at least one second';
const REMEDY =
  'write one of second, minute, hour, day, week, month, a whole number of seconds, or a text such as "90s", "15m", "6h", "7d"';

export interface Window {
  readonly ms: number;
  /** As the author wrote it. */
  readonly text: string;
}

/** A window as it is told: `minute`, `90s`; bare seconds with their unit. */
export function toldWindow(window: string): string {
  return /^\d+$/.test(window) ? `${window} s` : window;
}

/** The time in which a limit counts, as it is told: `per minute`, `per calendar day`. */
export function toldSpan({ window, period }: Pick<Reservation, 'window' | 'period'>): string {
  return `${period === undefined ? 'per' : 'per calendar'} ${toldWindow(window)}`;
}

/** Reads the window of a limit; a text says why it is none. */
export function readWindow(value: Json): Window | string {
  const ms = milliseconds(value);
  if (typeof value === 'string' && /^0+[smhd]$/.test(value)) return TOO_SHORT;
  if (ms === undefined) {
    const guess = typeof value === 'string' ? nearest(value, Object.keys(NAMED)) : undefined;
    const shown = typeof value === 'string' ? ` ${quoted(value)}` : '';
    return guess === undefined
      ? `unknown window${shown}; ${REMEDY}`
      : `unknown window${shown} — did you mean "${guess}"?`;
  }
  if (ms < SECOND) return TOO_SHORT;
  if (ms > LONGEST) return 'the window must be at most 366 days';
  return { ms, text: String(value) };
}

function milliseconds(value: Json): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? value * SECOND : undefined;
  if (typeof value !== 'string') return undefined;
  if (Object.hasOwn(NAMED, value)) return NAMED[value];
  const [, count, unit] = /^([1-9]\d{0,8})([smhd])$/.exec(value) ?? [];
  const length = unit === undefined ? undefined : UNITS[unit];
  return length === undefined ? undefined : Number(count) * length;
}
