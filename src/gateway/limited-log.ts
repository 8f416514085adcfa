const INTERVAL_MS = 10_000;

export interface LogLimit {
  /** Lines that pass in ten seconds. */
  readonly max: number;
  /** Milliseconds of a clock that does not run backwards. */
  now(): number;
  /** The line that tells how many were left out; it comes with the next line that passes. */
  told(leftOut: number): string;
}

/** A log that one party cannot flood. */
export function limitedLog(limit: LogLimit, out: (line: string) => void): (line: string) => void {
  let began = Number.NEGATIVE_INFINITY;
  let lines = 0;
  return (line) => {
    const now = limit.now();
    if (now - began >= INTERVAL_MS) {
      if (lines > limit.max) out(limit.told(lines - limit.max));
      began = now;
      lines = 0;
    }
    lines++;
    if (lines <= limit.max) out(line);
  };
}
