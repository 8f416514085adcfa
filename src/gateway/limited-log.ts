import type { Clock } from './ports.ts';

const MAX_LINES = 100;
const INTERVAL_MS = 10_000;

/** A log that one party cannot flood: a hundred lines in ten seconds, then only how many were left out. */
export function limitedLog(log: (line: string) => void, clock: Clock): (line: string) => void {
  let began = Number.NEGATIVE_INFINITY;
  let lines = 0;
  return (line) => {
    const now = clock.tick();
    if (now - began >= INTERVAL_MS) {
      if (lines > MAX_LINES) log(`${lines - MAX_LINES} more lines like these were left out`);
      began = now;
      lines = 0;
    }
    lines++;
    if (lines <= MAX_LINES) log(line);
  };
}
