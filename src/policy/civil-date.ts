/** A day of the proleptic Gregorian calendar. Years begin in March in here, so that leap days come last. */
export interface CivilDate {
  readonly year: number;
  /** 1–12. */
  readonly month: number;
  readonly day: number;
}

const DAYS_OF_ERA = 146_097;
/** From 0000-03-01, where eras begin, to 1970-01-01. */
const DAYS_BEFORE_EPOCH = 719_468;

/** The date of a day counted from 1970-01-01. */
export function dateOfDay(days: number): CivilDate {
  const shifted = days + DAYS_BEFORE_EPOCH;
  const era = Math.floor(shifted / DAYS_OF_ERA);
  const dayOfEra = shifted - era * DAYS_OF_ERA;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1_460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - firstDayOf(yearOfEra);
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return { year, month, day: dayOfYear - daysBefore(monthFromMarch) + 1 };
}

/** Days from 1970-01-01 to a date. */
export function dayOfDate({ year, month, day }: CivilDate): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const dayOfYear = daysBefore(month + (month > 2 ? -3 : 9)) + day - 1;
  return era * DAYS_OF_ERA + firstDayOf(shifted - era * 400) + dayOfYear - DAYS_BEFORE_EPOCH;
}

function firstDayOf(yearOfEra: number): number {
  return yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
}

function daysBefore(monthFromMarch: number): number {
  return Math.floor((153 * monthFromMarch + 2) / 5);
}
