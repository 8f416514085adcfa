import type { Committed, Receipt, Store } from '../../src/gateway/ports.ts';
import type { CounterKey, Reservation } from '../../src/policy/decision.ts';

/** One event of a log that keeps everything: when, where and how much. */
export interface Happened {
  /** True time, whatever the clocks say. */
  readonly at: number;
  readonly key: string;
  readonly family: string | undefined;
  readonly from: number | undefined;
  /** Hundredths. */
  readonly add: number;
  /** With a person's approval. */
  readonly isApproved: boolean;
  readonly receipt: Receipt;
  readonly by: Store;
  refunded: boolean;
}

export interface Asked {
  readonly reservations: readonly Reservation[];
  readonly shadow: readonly Reservation[];
  readonly tallies: readonly CounterKey[];
  readonly mode: 'take' | 'check';
  /** What a person said: of a call that one was asked about. */
  readonly person: 'nobody' | 'pass' | 'stop';
}

export function hundredths(amount: number): number {
  return Math.round(amount * 100);
}

/** Everything that a call added, by its answer. */
export function happened(at: number, asked: Asked, by: Store, { verdict, shadow, receipt }: Committed): Happened[] {
  const isApproved = asked.person === 'pass';
  const passes = isApproved || (asked.mode === 'take' && asked.person === 'nobody');
  if (verdict.kind === 'exceeded' || !passes) return [];
  const event = { at, receipt, by, isApproved, refunded: false };
  const taken = shadow.kind === 'reserved' ? [...asked.reservations, ...asked.shadow] : asked.reservations;
  return [
    ...taken.map(({ key, family, period, add }) => ({
      ...event,
      key,
      family,
      from: period?.from,
      add: hundredths(add),
    })),
    ...asked.tallies.map(({ key }) => ({ ...event, key, family: undefined, from: undefined, add: 100 })),
  ];
}

/** Hundredths let through on a counter from a time on; for a calendar in its period, whenever that was. */
export function sumOf(log: readonly Happened[], key: string, from: number | undefined, since: number): number {
  let sum = 0;
  for (const one of log) {
    if (one.key !== key || one.refunded || one.from !== from) continue;
    if (from !== undefined || one.at >= since) sum += one.add;
  }
  return sum;
}

/** Values of a family that have used something since a time, or in a period. */
export function valuesOf(
  log: readonly Happened[],
  family: string,
  from: number | undefined,
  since: number,
): Set<string> {
  const keys = log.filter((one) => one.family === family && one.from === from).map(({ key }) => key);
  return new Set(keys.filter((key) => sumOf(log, key, from, since) > 0));
}

/** Capacity may come back a sixtieth of the window later than exactly. */
export function late(windowMs: number): number {
  return windowMs + windowMs / 60;
}
