import type { Options } from './options.ts';
import { inOrder, readTime, timeOption } from './time-option.ts';

/** What `--since` and `--until` say: milliseconds since the epoch, from the one up to, not including, the other. */
export interface Span {
  readonly since: number;
  readonly until: number;
}

/** Reads `--since` (`otherwise` without it) and `--until` (without it: no end). Throws `UsageFault`. */
export function spanOptions(options: Options, now: number, otherwise: string): Span {
  const since = timeOption(options, 'since', now) ?? readTime('--since', otherwise, now);
  const until = timeOption(options, 'until', now) ?? Number.POSITIVE_INFINITY;
  return inOrder({ since, until });
}
