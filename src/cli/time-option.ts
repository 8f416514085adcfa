import { quoted } from '../policy/problem.ts';
import { readIsoTime } from '../settings/iso-time.ts';
import { type Options, UsageFault } from './options.ts';

const UNITS: { readonly [unit: string]: number } = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment as an option gives it, ms since the epoch: so long before `now`, or a day or time. Throws `UsageFault`. */
export function timeOption(options: Options, name: string, now: number): number | undefined {
  const text = options.texts.get(name);
  return text === undefined ? undefined : readTime(`--${name}`, text, now);
}

/** The same for a text from elsewhere; `place` names it in the fault. */
export function readTime(place: string, text: string, now: number): number {
  const at = timeIn(text, now);
  if (at !== undefined) return at;
  throw new UsageFault(
    `${place} must be how long ago, such as 90m, 24h or 7d, or a day or a time with its zone, such as 2027-01-01 or 2027-01-01T08:00:00Z, not ${quoted(text)}`,
  );
}

function timeIn(text: string, now: number): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  if (count !== '') return now - Number(count) * (UNITS[unit] ?? 0);
  return readIsoTime(text);
}
