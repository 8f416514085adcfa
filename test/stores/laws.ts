import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Committed, Store } from '../../src/gateway/ports.ts';
import type { Reservation } from '../../src/policy/decision.ts';
import type { Ground } from './contract.ts';
import { type Asked, type Happened, happened, hundredths, late, sumOf, valuesOf } from './naive-log.ts';
import { countOf, entry, passOf, START, usedOf, verified } from './story.ts';
import { askingOf, isDenied, MOST_VALUES, pause, TALLIES, type Wish, wish } from './wishes.ts';

type Step =
  | { readonly kind: 'calls'; readonly wishes: readonly Wish[] }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'clock steps back'; readonly ms: number }
  | { readonly kind: 'refund'; readonly which: number }
  | { readonly kind: 'reopen'; readonly store: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('calls' as const),
      wishes: fc.array(wish, { minLength: 1, maxLength: 5 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: pause }) },
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
          const open = () => ground.open({ mostValues: MOST_VALUES });
          const stores = await Promise.all([open(), open(), open()]);
          try {
            await play(open, stores, steps);
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

/** Where the play stands: true time, and how far the clocks are behind it. */
interface Scene {
  readonly log: Happened[];
  now: number;
  behind: number;
}

async function play(open: () => Promise<Store>, stores: Store[], steps: readonly Step[]): Promise<void> {
  const scene: Scene = { log: [], now: START, behind: 0 };
  /** Every limit that was ever asked for. */
  const limits = new Map<string, Reservation>();
  let calls = 0;
  for (const one of steps) {
    switch (one.kind) {
      case 'wait':
        scene.now += one.ms;
        break;
      case 'clock steps back':
        scene.behind += one.ms;
        break;
      case 'reopen':
        await stores[one.store]?.close();
        stores[one.store] = await open();
        break;
      case 'refund':
        await refund(stores, scene.log, one.which);
        break;
      case 'calls': {
        const tick = scene.now - scene.behind;
        const answers = await Promise.all(
          one.wishes.map(async (wished) => {
            calls += 1;
            const by = pick(stores, wished.store);
            const asking = askingOf(wished, tick);
            const asked: Asked = { ...asking, person: wished.person };
            for (const each of [...asked.reservations, ...asked.shadow])
              limits.set(`${each.key}@${each.period?.from}`, each);
            return { by, asked, answer: await by.commit(passOf(`call-${calls}`, tick, asking)) };
          }),
        );
        for (const { by, asked, answer } of answers) scene.log.push(...happened(scene.now, asked, by, answer));
        for (const each of limits.values()) holds(scene, each);
        for (const { asked, answer } of answers) isJust(scene, asked, answer);
        break;
      }
    }
  }
  await agrees(scene, pick(stores, 0), [...limits.values()]);
  await verified(pick(stores, 0));
}

/** Law 9: no more than `max` within a window, or in a period, without a person's approval; no more values than may live. */
function holds({ log, now }: Scene, { key, family, period, windowMs, max, onExceed }: Reservation): void {
  const bound = onExceed === 'deny' ? log : log.filter(({ isApproved }) => !isApproved);
  expect(sumOf(bound, key, period?.from, now - windowMs)).toBeLessThanOrEqual(hundredths(max));
  if (family === undefined) return;
  expect(valuesOf(log, family, period?.from, now - windowMs).size).toBeLessThanOrEqual(MOST_VALUES);
}

/** Whoever is refused was refused with reason, unless the clock was wrong. */
function isJust(
  { log, now, behind }: Scene,
  { reservations, shadow: shadowed, mode, person }: Asked,
  { verdict, shadow }: Committed,
): void {
  const passes = person === 'pass' || (mode === 'take' && person === 'nobody');
  if (verdict.kind === 'exceeded' || !passes) expect(shadow).toEqual({ kind: 'reserved' });
  // Whatever a person approved of, only what denies is left to stop it.
  if (verdict.kind === 'exceeded' && person === 'pass') expect(isDenied(verdict)).toBe(true);
  for (const one of [verdict, shadow]) {
    if (one.kind === 'reserved') continue;
    expect(one.retryAfterMs).toBeGreaterThanOrEqual(1);
    if (behind > 0) continue;
    const { key, family, period, windowMs, max, add } = one.reservation;
    const since = now - late(windowMs);
    if (one.why === 'max') {
      expect(sumOf(log, key, period?.from, since) + hundredths(add)).toBeGreaterThan(hundredths(max));
    } else {
      const values = valuesOf(log, family ?? '', period?.from, since);
      const asked = one === verdict ? reservations : shadowed;
      const fresh = new Set(
        asked.filter((each) => each.family === family && !values.has(each.key)).map((each) => each.key),
      );
      expect(values.size + fresh.size).toBeGreaterThan(MOST_VALUES);
    }
  }
}

/** At the end every counter tells what the log tells: law 10, for whatever was half taken or given back wrongly would show. */
async function agrees({ log, now, behind }: Scene, store: Store, limits: readonly Reservation[]): Promise<void> {
  const tick = now - behind;
  for (const one of limits) {
    const used = hundredths(await usedOf(store, one, tick));
    isBetween(log, one.key, one.period?.from, one.windowMs, now, behind, used);
  }
  for (const one of TALLIES) {
    const counted = hundredths(await countOf(store, one, tick));
    isBetween(log, one.key, undefined, one.windowMs, now, behind, counted);
  }
}

function isBetween(
  log: readonly Happened[],
  key: string,
  from: number | undefined,
  windowMs: number,
  now: number,
  behind: number,
  used: number,
): void {
  expect(used).toBeGreaterThanOrEqual(sumOf(log, key, from, now - windowMs));
  if (behind === 0 || from !== undefined) expect(used).toBeLessThanOrEqual(sumOf(log, key, from, now - late(windowMs)));
}

/** A refund is for a whole call; of a call that was refunded before, or whose store is gone, it changes nothing. */
async function refund(stores: readonly Store[], log: readonly Happened[], which: number): Promise<void> {
  const event = log[which % Math.max(1, log.length)];
  if (event === undefined || !stores.includes(event.by)) return;
  await event.by.append(entry('outcome', event.receipt.id), event.receipt);
  for (const one of log) if (one.receipt === event.receipt) one.refunded = true;
}

function pick<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new Error(`nothing at ${index}`);
  return found;
}
