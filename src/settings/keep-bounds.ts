import type { Bounds } from './question-bounds.ts';
import { bytesOfSize } from './size.ts';

/** How long records may be kept: up to a hundred years. */
export const KEEP_DAYS: Bounds = { least: 1, most: 36_500 };
/** A store smaller than this would keep hardly more than its own tables. */
export const KEEP_SIZE: Bounds = { least: 1024 ** 2, most: 1024 ** 3 * 100_000 };

/** What of the log is kept: undefined where there is no such bound. */
export interface Keep {
  readonly ms: number | undefined;
  readonly bytes: number | undefined;
}

export const DAY_MS = 86_400_000;

/** The size in words, if it is one within the bounds. */
export function keepSize(text: string): number | undefined {
  const bytes = bytesOfSize(text);
  return bytes !== undefined && bytes >= KEEP_SIZE.least && bytes <= KEEP_SIZE.most ? bytes : undefined;
}
