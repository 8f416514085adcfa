import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Committed, Receipt, Store } from '../../src/gateway/ports.ts';
import type { Ground } from './contract.ts';
import { entry, limit, pass, START, usedOf, verified } from './story.ts';

/** One event of the naive log: nothing but when, where and how much. */
interface Event {
  readonly at: number;
  readonly counter: number;
  readonly add: number;
  readonly receipt: Receipt;
  readonly by: Store;
  refunded: boolean;
}

interface Wish {
  readonly store: number;
  readonly counters: readonly number[];
}

type Step =
  | { readonly kind: 'calls'; readonly wishes: readonly Wish[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'clock steps back'; readonly ms: number }
  | { readonly kind: 'refund'; readonly which: number }
  | { readonly kind: 'reopen'; readonly store: number };

/** `max` and window of each counter; windows that sixty divides, and windows that it does not. */
const LIMITS = [
  limit('a', 3, { windowMs: 1_000 }),
  limit('b', 5, { windowMs: 61_000, add: 2 }),
  limit('c', 1, { windowMs: 6_007 }),
] as const;

const wish = fc.record({
  store: fc.nat(2),
  counters: fc.uniqueArray(fc.nat(LIMITS.length - 1), { minLength: 1, maxLength: LIMITS.length }),
});
/** Mostly about as long as a window: there the mistakes are. */
const wait = fc.oneof(
  fc.nat(40),
  fc.nat(200_000),
  ...LIMITS.map(({ windowMs }) => fc.integer({ min: windowMs - 50, max: windowMs + 50 })),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('calls' as const),
      wishes: fc.array(wish, { minLength: 1, maxLength: 5 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: wait,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('clock steps back' as const),
      ms: fc.oneof(fc.nat(500), fc.nat(100_000)),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), store: fc.nat(2) }) },
);

export function storeLaws(prepare: () => Promise<Ground>): void {
  describe('laws', () => {
    test('9 and 10: against a naive log, whoever calls, whenever, whatever the clock does', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
          const ground = await prepare();
          const stores = await Promise.all([ground.open(), ground.open(), ground.open()]);
          try {
            await play(ground, stores, steps);
          } finally {
            for (const store of stores) await store.close();
            await ground.remove();
          }
        }),
        { numRuns: 100 },
      );
    }, 120_000);
  });
}

async function play(ground: Ground, stores: Store[], steps: readonly Step[]): Promise<void> {
  const log: Event[] = [];
  let now = START;
  let behind = 0;
  let calls = 0;
  for (const one of steps) {
    switch (one.kind) {
      case 'wait':
        now += one.ms;
        break;
      case 'clock steps back':
        behind += one.ms;
        break;
      case 'reopen':
        await stores[one.store]?.close();
        stores[one.store] = await ground.open();
        break;
      case 'refund':
        await refund(stores, log, one.which);
        break;
      case 'calls': {
        const tick = now - behind;
        const answers = await Promise.all(
          one.wishes.map(async ({ store, counters }) => {
            calls += 1;
            const by = pick(stores, store);
            const reservations = counters.map((counter) => pick(LIMITS, counter));
            return { by, counters, answer: await by.commit(pass(`call-${calls}`, tick, ...reservations)) };
          }),
        );
        for (const { by, counters, answer } of answers) note(log, now, counters, by, answer);
        for (const { answer } of answers) judge(log, now, behind, answer);
        break;
      }
    }
  }
  const last = now - behind;
  if (behind === 0) {
    for (const [counter, reservation] of LIMITS.entries()) {
      const used = await usedOf(pick(stores, 0), reservation, last);
      expect(used).toBeGreaterThanOrEqual(sum(log, counter, now - reservation.windowMs));
      expect(used).toBeLessThanOrEqual(sum(log, counter, now - late(reservation.windowMs)));
    }
  }
  await verified(pick(stores, 0));
}

function note(log: Event[], at: number, counters: readonly number[], by: Store, answer: Committed): void {
  if (answer.verdict.kind !== 'reserved') return;
  for (const counter of counters) {
    log.push({ at, counter, add: pick(LIMITS, counter).add, receipt: answer.receipt, by, refunded: false });
  }
}

function judge(log: readonly Event[], now: number, behind: number, { verdict }: Committed): void {
  for (const [counter, { windowMs, max }] of LIMITS.entries()) {
    expect(sum(log, counter, now - windowMs)).toBeLessThanOrEqual(max);
  }
  if (verdict.kind === 'exceeded' && behind === 0) {
    const { windowMs, max, add, key } = verdict.reservation;
    const counter = LIMITS.findIndex((one) => one.key === key);
    expect(sum(log, counter, now - late(windowMs)) + add).toBeGreaterThan(max);
  }
}

/** A refund is for a whole call; of a call that was refunded before, or whose store is gone, it changes nothing. */
async function refund(stores: readonly Store[], log: readonly Event[], which: number): Promise<void> {
  const event = log[which % Math.max(1, log.length)];
  if (event === undefined || !stores.includes(event.by)) return;
  await event.by.append(entry('outcome', event.receipt.id), event.receipt);
  for (const one of log) if (one.receipt === event.receipt) one.refunded = true;
}

/** What was let through in the closed interval from `since` on. */
function sum(log: readonly Event[], counter: number, since: number): number {
  let total = 0;
  for (const one of log) if (one.counter === counter && !one.refunded && one.at >= since) total += one.add;
  return total;
}

/** Capacity may come back a sixtieth of the window later than exactly. */
function late(windowMs: number): number {
  return windowMs + windowMs / 60;
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
