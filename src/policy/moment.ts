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
      return civilDate(days);
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
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      weekday: 'long',
      hour: '2-digit',
    });
  } catch {
    return undefined;
  }
}

/** The proleptic Gregorian date of a day counted from 1970-01-01; years begin in March here, so that leap days come last. */
function civilDate(days: number): string {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}
