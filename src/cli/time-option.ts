import { quoted } from '../policy/problem.ts';
import { TIMES_ARE, readTime as timeIn } from '../settings/read-time.ts';
import { type Options, UsageFault } from './options.ts';

/** A moment as an option gives it, ms since the epoch: so long before `now`, or a day or time. Throws `UsageFault`. */
export function timeOption(options: Options, name: string, now: number): number | undefined {
  const text = options.texts.get(name);
  return text === undefined ? undefined : readTime(`--${name}`, text, now);
}

/** The same for a text from elsewhere; `place` names it in the fault. */
export function readTime(place: string, text: string, now: number): number {
  const at = timeIn(text, now);
  if (at !== undefined) return at;
  throw new UsageFault(`${place} must be ${TIMES_ARE}, not ${quoted(text)}`);
}

/** Of a time that ends before it begins nothing would ever be found. Throws `UsageFault`. */
export function inOrder<T extends { readonly since?: number | undefined; readonly until?: number | undefined }>(
  span: T,
): T {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = span;
  if (since < until) return span;
  throw new UsageFault('--until must be later than --since');
}
