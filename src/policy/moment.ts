import { type CivilDate, dateOfDay } from './civil-date.ts';

export type MomentPart = 'hour' | 'weekday' | 'date';

export const WEEKDAYS: readonly string[] = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
];

/** How every clock is asked for its parts, whatever the language and customs of a zone. */
export const CLOCK = {
  calendar: 'gregory',
  numberingSystem: 'latn',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
} as const;

const DAY = 86_400_000;
const YEAR_1 = -62_135_596_800_000;
const YEAR_10000 = 253_402_300_800_000;

/** Whether a time (ms since the epoch) lies where dates have four digits in every time zone. */
export function isJudgeable(at: number): boolean {
  return at >= YEAR_1 + DAY && at < YEAR_10000 - DAY;
}

/** The hour (0–23), the weekday's English name in lower case, or the date as `YYYY-MM-DD`, in UTC. */
export function momentInUtc(at: number, part: MomentPart): string | number {
  const days = Math.floor(at / DAY);
  switch (part) {
    case 'hour':
      return Math.floor((at - days * DAY) / 3_600_000);
    case 'weekday':
      return WEEKDAYS[(((days + 4) % 7) + 7) % 7] ?? '';
    case 'date':
      return isoDate(dateOfDay(days));
  }
}

/** The same on the clocks of a time zone; the format comes from `zoneFormat`. */
export function momentInZone(at: number, part: MomentPart, format: Intl.DateTimeFormat): string | number {
  const parts: { [type: string]: string } = {};
  for (const { type, value } of format.formatToParts(at)) parts[type] = value;
  switch (part) {
    case 'hour':
      return Number(parts['hour']);
    case 'weekday':
      return (parts['weekday'] ?? '').toLowerCase();
    case 'date':
      return `${(parts['year'] ?? '').padStart(4, '0')}-${parts['month']}-${parts['day']}`;
  }
}

/** What `momentInZone` needs, or undefined when there is no such time zone. */
export function zoneFormat(timeZone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { ...CLOCK, timeZone, weekday: 'long' });
  } catch {
    return undefined;
  }
}

function isoDate({ year, month, day }: CivilDate): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
