import { readIsoTime } from './iso-time.ts';

const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
]);

/** What `readTime` understands, for those who wrote something else. */
export const TIMES_ARE =
  'an age such as 30m, 2h or 7d, a day, or a time with its zone such as 2027-01-01T08:00:00Z' as const;

/** A day, a time with its zone, or how long before `now`, as milliseconds since the epoch. Undefined for anything else. */
export function readTime(text: string, now: number): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? readIsoTime(text) : now - Number(count) * (UNITS.get(unit) ?? 0);
}
