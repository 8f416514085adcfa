import type { Clock } from '../gateway/ports.ts';

/** setTimeout takes no longer delay than this. */
const MAX_DELAY_MS = 2_147_483_647;

/** The machine's clocks. `tick` follows the wall forwards and the monotonic clock when the wall steps back. */
export function systemClock(): Clock {
  let tick = Date.now();
  let seen = performance.now();
  return {
    now: () => Date.now(),
    tick: () => {
      const steady = performance.now();
      tick = Math.max(tick + (steady - seen), Date.now());
      seen = steady;
      return tick;
    },
    elapsed: () => performance.now(),
    after: (ms, action) => {
      const timer = setTimeout(action, Math.min(ms, MAX_DELAY_MS));
      timer.unref();
      return () => clearTimeout(timer);
    },
  };
}
