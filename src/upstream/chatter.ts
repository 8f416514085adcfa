const WINDOW_MS = 10_000;
const MAX_NOISE = 100;

/**
 * Passes lines on to `out`, at most `max` in ten seconds, so that a server that babbles cannot fill a log.
 * What was left out is told with the next line that passes.
 */
export function chatter(max: number, now: () => number, out: (line: string) => void): (line: string) => void {
  let windowStart = now();
  let passed = 0;
  let dropped = 0;
  return (line) => {
    const at = now();
    if (at - windowStart >= WINDOW_MS) {
      windowStart = at;
      passed = 0;
    }
    if (passed >= max) {
      dropped++;
      return;
    }
    passed++;
    if (dropped > 0) out(`(${dropped} more lines left out)`);
    dropped = 0;
    out(line);
  };
}

/** The limit of what one connection tells that is no message. */
export function noiseLimit(out: (what: string) => void): (what: string) => void {
  return chatter(MAX_NOISE, () => performance.now(), out);
}
