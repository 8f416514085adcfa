import type { Clock } from '../../src/gateway/ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass; whatever falls due is done in order. */
  advance(ms: number): void;
}

/** A clock that stands until it is advanced. */
export function fakeClock(): FakeClock {
  let time = Date.UTC(2026, 10, 21);
  let alarms: { readonly at: number; readonly action: () => void }[] = [];
  return {
    now: () => time,
    tick: () => time,
    lead: () => 0,
    elapsed: () => time,
    after(ms, action) {
      const alarm = { at: time + ms, action };
      alarms.push(alarm);
      return () => {
        alarms = alarms.filter((one) => one !== alarm);
      };
    },
    advance(ms) {
      time += ms;
      const due = alarms.filter(({ at }) => at <= time).sort((a, b) => a.at - b.at);
      for (const alarm of due) {
        if (!alarms.includes(alarm)) continue;
        alarms = alarms.filter((one) => one !== alarm);
        alarm.action();
      }
    },
  };
}
