const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long a notice waits after its first failure, its second …; after those, the last one each time. */
const DELAYS: readonly number[] = [5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR];
const LONGEST_REST = 5 * MINUTE;

/** From when on a notice is worth nothing any more, ms after it was made. */
export const LIFE_MS: number = 72 * HOUR;

/** How long a notice waits that failed and had failed so often before, ms. */
export function retryDelay(attempts: number): number {
  return DELAYS[Math.min(Math.max(attempts, 0), DELAYS.length - 1)] ?? HOUR;
}

/** How long a hook is left alone after so many failures without a success between them, ms. */
export function restAfter(failures: number): number {
  return Math.min(5 * SECOND * 2 ** Math.min(Math.max(failures - 1, 0), 10), LONGEST_REST);
}
