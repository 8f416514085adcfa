import type { Gate } from './gate.ts';
import { limitedLog } from './limited-log.ts';

/** Lines that the servers of one session may cause in ten seconds. */
const MAX_LINES = 100;

/** The log for what servers cause: they cannot flood the operator. */
export function serverLog({ clock, log }: Gate): (line: string) => void {
  return limitedLog({ max: MAX_LINES, now: clock.tick, told: leftOut }, log);
}

function leftOut(lines: number): string {
  return `${lines} more lines like these were left out`;
}
