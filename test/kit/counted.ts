import type { Asked } from '../../src/policy/count/plan-pass.ts';
import type { Moment } from '../../src/policy/count/slot.ts';
import type { Reservation } from '../../src/policy/decision.ts';

/** "At most `max` in a minute", as the judge would ask for it, with a key that is easy to read. */
export function limit(counter: string, max: number, rest: Partial<Reservation> = {}): Reservation {
  return {
    key: counter,
    family: undefined,
    counter,
    scope: 'grant',
    windowMs: 60_000,
    period: undefined,
    max,
    add: 1,
    unit: 'calls',
    onExceed: 'deny',
    window: 'minute',
    rule: { document: 'policy', pointer: `/${counter}`, id: undefined },
    reason: undefined,
    ...rest,
  };
}

/** A judge that asks this of the counters, and nothing else. */
export function asked(rest: Partial<Asked>): () => Asked {
  return () => ({ reservations: [], mode: 'take', tallies: [], shadow: [], ...rest });
}

/** The same moment by both clocks. */
export function when(ms: number): Moment {
  return { tick: ms, at: ms };
}
