import type { LimitAfter, Verdict } from '../../gateway/ports.ts';
import type { Reservation } from '../../policy/decision.ts';
import type { Counter, Counters, Taken } from './counters.ts';
import { usedWithin, waitForRoom } from './window.ts';

/** What a pass would do to the counters. Nothing is changed until `take`. */
export interface Plan {
  readonly verdict: Verdict;
  readonly limits: readonly LimitAfter[];
  take(): readonly Taken[];
}

const RESERVED: Verdict = { kind: 'reserved' };
const NOTHING: Plan = { verdict: RESERVED, limits: [], take: () => [] };

/** Judges all reservations of a pass against the counters at a tick: all of them fit, or none is taken. */
export function planPass(counters: Counters, reservations: readonly Reservation[], tick: number): Plan {
  if (reservations.length === 0) return NOTHING;
  const adds = addPerCounter(counters, reservations);
  let exceeded: Reservation | undefined;
  let retryAfterMs = 0;
  for (const reservation of reservations) {
    const { key, windowMs, max } = reservation;
    const counter = counters.counter(key, windowMs);
    const add = adds.get(counter) ?? 0;
    if (usedWithin(counter.slots, windowMs, tick) + add <= max) continue;
    exceeded ??= reservation;
    const wait = add > max ? windowMs : waitForRoom(counter.slots, windowMs, tick, max - add);
    retryAfterMs = Math.max(retryAfterMs, wait);
  }
  const before = limitsAfter(counters, reservations, tick, (used) => used);
  if (exceeded !== undefined) {
    return { verdict: { kind: 'exceeded', reservation: exceeded, retryAfterMs }, limits: before, take: () => [] };
  }
  return {
    verdict: RESERVED,
    limits: limitsAfter(counters, reservations, tick, (used, counter) => used + (adds.get(counter) ?? 0)),
    take: () => [...adds].map(([counter, add]) => counters.take(counter, tick, add)),
  };
}

/** Several limits may name one counter: a call adds to it once. */
function addPerCounter(counters: Counters, reservations: readonly Reservation[]): ReadonlyMap<Counter, number> {
  const adds = new Map<Counter, number>();
  for (const { key, windowMs, add } of reservations) {
    const counter = counters.counter(key, windowMs);
    adds.set(counter, Math.max(add, adds.get(counter) ?? 0));
  }
  return adds;
}

function limitsAfter(
  counters: Counters,
  reservations: readonly Reservation[],
  tick: number,
  after: (used: number, counter: Counter) => number,
): readonly LimitAfter[] {
  return reservations.map(({ key, windowMs, counter, scope, max }) => {
    const known = counters.counter(key, windowMs);
    return { counter, scope, used: after(usedWithin(known.slots, windowMs, tick), known), max };
  });
}

/** Canonical JSON: keys in order, one line. */
export function limitsText(limits: readonly LimitAfter[]): string {
  if (limits.length === 0) return '[]';
  return JSON.stringify(limits.map(({ counter, max, scope, used }) => ({ counter, max, scope, used })));
}
