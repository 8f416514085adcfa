import type { Period } from '../../src/policy/decision.ts';
import { localTime } from './naive-time.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

/** The calendar period of an instant: from its first millisecond up to the first of the next. */
export function periodOf(at: number, window: string, zone: string): Period {
  const label = labelOf(at, window, zone);
  const isWithin = (instant: number) => labelOf(instant, window, zone) === label;
  return { from: edge(at, -1, window, isWithin) + 1, to: edge(at, 1, window, isWithin) };
}

/** What all instants of one period have in common, and no others near by. */
function labelOf(at: number, window: string, zone: string): string {
  if (window === 'second') return String(Math.floor(at / 1000));
  if (window === 'minute') return String(Math.floor(at / MINUTE));
  const { year, month, day, hour, date } = localTime(at, zone);
  if (window === 'hour') return `${date} ${hour}`;
  if (window === 'day') return date;
  if (window === 'month') return `${year}-${month}`;
  const days = Date.UTC(year, month - 1, day) / DAY;
  // The first day of 1970 was a Thursday.
  return String(Math.floor((days + 3) / 7));
}

/** The first instant outside, towards the past or the future. */
function edge(at: number, direction: 1 | -1, window: string, isWithin: (instant: number) => boolean): number {
  const stride = window === 'month' || window === 'week' ? DAY : 15 * MINUTE;
  let inside = at;
  while (isWithin(inside + direction * stride)) inside += direction * stride;
  let outside = inside + direction * stride;
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.trunc((inside + outside) / 2);
    if (isWithin(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}
