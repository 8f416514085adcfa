import { readIsoTime } from '../settings/iso-time.ts';
import { type Options, UsageFault } from './options.ts';

const UNITS: { readonly [unit: string]: number } = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** What `--since` and `--until` say: milliseconds since the epoch, from the one up to, not including, the other. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Reads `--since` (`otherwise` without it) and `--until` (without it: no end). Throws `UsageFault`. */
export function spanOptions({ texts }: Options, now: number, otherwise: string): Span {
  const since = momentIn('since', texts.get('since') ?? otherwise, now);
  const end = texts.get('until');
  const until = end === undefined ? Number.POSITIVE_INFINITY : momentIn('until', end, now);
  if (since < until) return { since, until };
  throw new UsageFault('--until must be later than --since');
}

function momentIn(name: string, text: string, now: number): number {
  const [, count, unit] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  const length = unit === undefined ? undefined : UNITS[unit];
  const at = length === undefined ? readIsoTime(text) : now - Number(count) * length;
  if (at !== undefined) return at;
  throw new UsageFault(
    `--${name} must be how long ago, such as 7d, 12h or 30m, or a day or a time with its zone, such as 2027-01-01 or 2027-01-01T08:00:00Z`,
  );
}
