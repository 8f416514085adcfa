import { memoryCounters } from '../policy/count/memory-counters.ts';
import type { Decision } from '../policy/decision.ts';
import type { Refusal } from './refusal.ts';
import { askedBy, refusalFor } from './verdict.ts';

/** What the counters would say of a call if nothing was counted yet. `at` in ms since the epoch. */
export function refusalAtFirst(decision: Decision, at: number): Refusal | undefined {
  const { verdict } = memoryCounters().commit({ tick: at, at }, [], () => askedBy(decision));
  return refusalFor(decision, verdict);
}
