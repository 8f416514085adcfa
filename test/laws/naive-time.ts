/** What clock and calendar show in a zone. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly weekday: string;
  /** ISO date. */
  readonly date: string;
}

/** What clock and calendar show at an instant in a zone. */
export function localTime(at: number, zone: string): LocalTime {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    weekday: 'long',
  });
  const parts = new Map(format.formatToParts(at).map((part) => [part.type, part.value]));
  const [year, month, day] = [String(parts.get('year')), String(parts.get('month')), String(parts.get('day'))];
  return {
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(parts.get('hour')),
    weekday: String(parts.get('weekday')).toLowerCase(),
    date: `${year}-${month}-${day}`,
  };
}
