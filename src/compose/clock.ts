import type { Clock } from '../gateway/ports.ts';

/** setTimeout takes no longer delay than this. */
const MAX_DELAY_MS = 2_147_483_647;

interface SystemClock extends Clock {
  /** From now on `tick` is not behind this one: time went on so far already. */
  notBefore(tick: number): void;
}

/** The machine's clocks. `tick` follows the wall forwards, and the monotonic clock when the wall steps back. */
export function systemClock(): SystemClock {
  let lead = Date.now() - steady();
  return {
    now: () => Date.now(),
    tick: () => {
      const now = steady();
      lead = Math.max(lead, Date.now() - now);
      return now + lead;
    },
    lead: () => lead,
    notBefore: (tick) => {
      lead = Math.max(lead, tick - steady());
    },
    elapsed: () => performance.now(),
    after: (ms, action) => {
      const timer = setTimeout(action, Math.min(ms, MAX_DELAY_MS));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}

/** Milliseconds of the monotonic clock, the same for all processes of the machine. */
function steady(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
