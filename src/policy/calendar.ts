import type { Period } from './decision.ts';
import { isJudgeable } from './moment.ts';

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
      const { year, month } = monthOf(local);
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
  const local = ((daysSinceEpoch(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
  return local * SECOND - whole;
}

/** What `Calendar` needs of a time zone that is known to exist. */
export function clockFormat(timeZone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
}

function dayOf(local: number): number {
  return Math.floor(local / DAY);
}

function firstDay(year: number, month: number): number {
  return month > 12 ? daysSinceEpoch(year + 1, 1, 1) : daysSinceEpoch(year, month, 1);
}

function monthOf(local: number): { readonly year: number; readonly month: number } {
  const day = dayOf(local);
  let year = 1970 + Math.floor(day / 365.2425);
  while (daysSinceEpoch(year, 1, 1) > day) year--;
  while (daysSinceEpoch(year + 1, 1, 1) <= day) year++;
  let month = 12;
  while (daysSinceEpoch(year, month, 1) > day) month--;
  return { year, month };
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; years begin in March here, so that leap days come last. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function mod(value: number, length: number): number {
  return ((value % length) + length) % length;
}
