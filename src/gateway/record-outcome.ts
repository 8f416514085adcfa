import type { Gate } from './gate.ts';
import type { InspectedOutcome } from './inspect-result.ts';
import type { Receipt } from './ports.ts';
import { type Latency, outcomeBody } from './record.ts';

/** Records what came of the call; gives back what it reserved if nothing of it reached the server. */
export function conclude(
  { store, clock, log }: Gate,
  id: string,
  receipt: Receipt,
  inspected: InspectedOutcome,
  latency: Latency,
): void {
  const refund = inspected.outcome.kind === 'unsent' ? receipt : undefined;
  store
    .append({ id, kind: 'outcome', at: clock.now(), body: outcomeBody(inspected, latency) }, refund)
    .catch((fault: Error) => log(`the outcome of ${id} is not recorded: ${fault.message}`));
}

/** From moments of `Clock.elapsed`. */
export function latencyOf(began: number, decided: number, committed: number, answered: number): Latency {
  return {
    decideUs: micros(decided - began),
    commitUs: micros(committed - decided),
    serverUs: micros(answered - committed),
  };
}

function micros(ms: number): number {
  return Math.max(0, Math.round(ms * 1000));
}
