import { limitedLog } from '../gateway/limited-log.ts';

const MAX_NOISE = 100;

/** Passes lines on to `out`, at most `max` in ten seconds, so that a server that babbles cannot fill a log. */
export function chatter(max: number, out: (line: string) => void): (line: string) => void {
  return limitedLog({ max, now: () => performance.now(), told: (lines) => `(${lines} more lines left out)` }, out);
}

/** The limit of what one connection tells that is no message. */
export function noiseLimit(out: (what: string) => void): (what: string) => void {
  return chatter(MAX_NOISE, out);
}
