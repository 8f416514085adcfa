import fc from 'fast-check';
import type { Verdict } from '../../src/gateway/ports.ts';
import type { CounterKey, Reservation } from '../../src/policy/decision.ts';
import { type Asking, limit, periodOf, tally } from './story.ts';

/** What one call of a law asks for. */
export interface Wish {
  /** Which of the stores is asked. */
  readonly store: number;
  /** Indexes into `KINDS`. */
  readonly main: readonly number[];
  readonly shadow: readonly number[];
  readonly tallies: readonly number[];
  readonly mode: 'take' | 'check';
  /** What a person says, if one is asked: whenever nothing but that is missing. */
  readonly person: 'nobody' | 'pass' | 'stop';
  readonly value: string;
  /** Index into `AMOUNTS`. */
  readonly amount: number;
}

type Kind = (wish: Wish, at: number) => Reservation;

/** Hundredths, so that a naive log needs no fractions. */
const AMOUNTS = [0, 1, 10, 20, 33, 100] as const;
/** How many values may live. */
export const MOST_VALUES = 2;
const PERIOD = 7_000;

const amountOf = (wish: Wish): number => (AMOUNTS[wish.amount] ?? 0) / 100;

/** Windows that sixty divides, and windows that it does not. */
const KINDS: readonly Kind[] = [
  () => limit('calls', 3, { windowMs: 1_000 }),
  () => limit('pairs', 5, { windowMs: 61_000, add: 2 }),
  () => limit('once', 1, { windowMs: 6_007, onExceed: 'require_approval' }),
  (wish) => limit('amount', 0.66, { windowMs: 2_000, add: amountOf(wish) }),
  (wish) => limit('per', 2, { windowMs: 6_000, per: wish.value }),
  (wish) => limit('per_amount', 0.4, { windowMs: 3_000, per: wish.value, add: amountOf(wish) }),
  (wish) => limit('asked_per', 1, { windowMs: 6_000, per: wish.value, onExceed: 'require_approval' }),
  (_, at) => limit('calendar', 2, { windowMs: PERIOD, period: periodOf(at, PERIOD) }),
  (wish, at) =>
    limit('mixed', 0.5, { windowMs: PERIOD, period: periodOf(at, PERIOD), per: wish.value, add: amountOf(wish) }),
];
export const TALLIES: readonly CounterKey[] = [tally('send', 1_000), tally('read', 61_000)];

const some = (list: readonly unknown[]): fc.Arbitrary<number[]> =>
  fc.uniqueArray(fc.nat(list.length - 1), { maxLength: 4 });

export const wish: fc.Arbitrary<Wish> = fc.record({
  store: fc.nat(2),
  main: some(KINDS),
  shadow: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1, arbitrary: some(KINDS) }),
  tallies: some(TALLIES),
  mode: fc.constantFrom('take', 'take', 'take', 'check'),
  person: fc.constantFrom('nobody', 'nobody', 'pass', 'stop'),
  value: fc.constantFrom('"x"', '"y"', '"z"'),
  amount: fc.nat(AMOUNTS.length - 1),
});

/** How long to wait: mostly about as long as a window, for there the mistakes are. */
export const pause: fc.Arbitrary<number> = fc.oneof(
  fc.nat(40),
  fc.nat(200_000),
  ...[1_000, 2_000, 3_000, 6_007, PERIOD, 61_000].map((ms) => fc.integer({ min: ms - 50, max: ms + 50 })),
);

export function askingOf(
  wished: Wish,
  at: number,
): Required<Pick<Asking, 'reservations' | 'shadow' | 'tallies' | 'mode' | 'consult'>> {
  const pick = (kinds: readonly number[]): Reservation[] => kinds.flatMap((kind) => KINDS[kind]?.(wished, at) ?? []);
  return {
    reservations: pick(wished.main),
    shadow: pick(wished.shadow).map(inShadow),
    tallies: wished.tallies.flatMap((index) => TALLIES[index] ?? []),
    mode: wished.mode,
    consult: (verdict) => {
      const { person } = wished;
      if (person === 'nobody' || isDenied(verdict)) return undefined;
      const ruling = { effect: person, approvals: [], records: [], notices: [] };
      return { key: 'key', grant: 'laptop', server: 'files', name: 'send', settle: () => ruling };
    },
  };
}

/** What no person can change. */
export function isDenied(verdict: Verdict): boolean {
  return verdict.kind === 'exceeded' && (verdict.why === 'values' || verdict.reservation.onExceed === 'deny');
}

function inShadow(reservation: Reservation): Reservation {
  const { key, family } = reservation;
  return { ...reservation, key: `${key}|shadow`, family: family && `${family}|shadow` };
}
