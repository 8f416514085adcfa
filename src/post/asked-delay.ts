const SECOND = 1000;
const LONGEST_ASKED = 3_600_000;

/** The wait that a `Retry-After` header asks for, ms, an hour at most; undefined where it cannot be read. `now`: wall time, ms. */
export function askedDelay(header: string | undefined, now: number): number | undefined {
  if (header === undefined || header.length > 64) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text)
    ? Number(text) * SECOND
    : /^[A-Z][a-z]{2,8},? /.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_ASKED);
}
