import { dateOfDay, dayOfDate } from './civil-date.ts';
import type { Period } from './decision.ts';
import { CLOCK, isJudgeable } from './moment.ts';

/** A window that begins anew with each second, minute, hour, day, week or month of a time zone. */
export interface Calendar {
  readonly unit: CalendarUnit;
  /** As written; `UTC` where nothing is. */
  readonly zone: string;
  /** From `clockFormat`; undefined for UTC. */
  readonly format: Intl.DateTimeFormat | undefined;
}

export type CalendarUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month';

const SECOND = 1_000;
const DAY = 86_400_000;
const MONDAY_AFTER_EPOCH = 4;

/** The period in which a time falls (ms since the epoch); undefined for a time that no calendar can place. */
export function periodAt(calendar: Calendar, at: number): Period | undefined {
  if (!isJudgeable(at)) return undefined;
  const local = at + offsetAt(calendar, at);
  switch (calendar.unit) {
    case 'second':
      return lasting(at, local, SECOND);
    case 'minute':
      return lasting(at, local, 60 * SECOND);
    case 'hour':
      return lasting(at, local, 3_600 * SECOND);
    case 'day':
      return between(calendar, dayOf(local), dayOf(local) + 1);
    case 'week': {
      const monday = dayOf(local) - mod(dayOf(local) - MONDAY_AFTER_EPOCH, 7);
      return between(calendar, monday, monday + 7);
    }
    case 'month': {
      const { year, month } = dateOfDay(dayOf(local));
      return between(calendar, firstDay(year, month), firstDay(year, month + 1));
    }
  }
}

/** Up to an hour no clock is set back or forward in between, so that local and absolute time run alike. */
function lasting(at: number, local: number, length: number): Period {
  const from = at - mod(local, length);
  return Object.freeze({ from, to: from + length });
}

function between(calendar: Calendar, fromDay: number, toDay: number): Period {
  return Object.freeze({ from: firstInstant(calendar, fromDay), to: firstInstant(calendar, toDay) });
}

/** The first moment of a local day (counted from 1970-01-01), also where clocks are changed at midnight. */
function firstInstant(calendar: Calendar, day: number): number {
  const local = day * DAY;
  const before = local - offsetAt(calendar, local - DAY);
  const after = local - offsetAt(calendar, local + DAY);
  if (before === after) return before;
  const exact = [before, after].filter((instant) => instant + offsetAt(calendar, instant) === local);
  return exact.length === 0 ? before : Math.min(...exact);
}

/** How far local clocks are ahead of UTC, ms. */
function offsetAt({ format }: Calendar, at: number): number {
  if (format === undefined) return 0;
  const whole = Math.floor(at / SECOND) * SECOND;
  const parts: { [type: string]: number } = {};
  for (const { type, value } of format.formatToParts(whole)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = ((dayOfDate({ year, month, day }) * 24 + hour) * 60 + minute) * 60 + second;
  return local * SECOND - whole;
}

/** What `Calendar` needs of a time zone that is known to exist. */
export function clockFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', { ...CLOCK, timeZone, minute: '2-digit', second: '2-digit' });
}

function dayOf(local: number): number {
  return Math.floor(local / DAY);
}

function firstDay(year: number, month: number): number {
  return month > 12 ? dayOfDate({ year: year + 1, month: 1, day: 1 }) : dayOfDate({ year, month, day: 1 });
}

function mod(value: number, length: number): number {
  return ((value % length) + length) % length;
}
