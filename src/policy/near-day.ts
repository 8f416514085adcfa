import { dayOfDate } from './civil-date.ts';
import { momentInUtc } from './moment.ts';

const DAY = 86_400_000;

/** The day so many days after a day such as `2026-12-31`; before it for a negative number. */
export function nearDay(day: string, days: number): string {
  const [year = 1970, month = 1, date = 1] = day.split('-').map(Number);
  return String(momentInUtc((dayOfDate({ year, month, day: date }) + days) * DAY, 'date'));
}
