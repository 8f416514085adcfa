import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Committed, Pass, Plan, Verdict } from '../../src/gateway/ports.ts';
import { type Counted, memoryCounters } from '../../src/policy/count/memory-counters.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { entry, passOf, START } from './story.ts';
import { askingOf, MOST_VALUES, pause, TALLIES, wish } from './wishes.ts';

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('call' as const), wish }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: pause }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('back' as const), ms: fc.nat(100_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wall back' as const), ms: fc.nat(20_000) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('refund' as const), which: fc.nat() }) },
);

function ruled(consult: Plan['consult'], verdict: Verdict): 'pass' | 'stop' | undefined {
  const nothing = { same: [], siblings: [], openOfGrant: 0, openOfName: 0 };
  return consult?.(verdict)?.settle(nothing, START).effect;
}

/** The tick by which a store counts: never behind what it has kept of those before, which it does once a second. */
function sharedTick(): (tick: number) => number {
  let lead = 0;
  let highest = Number.NEGATIVE_INFINITY;
  return (tick) => {
    const missing = highest - (tick + lead);
    if (missing > 1) lead += missing;
    if (tick + lead - highest >= 1_000) highest = tick + lead;
    return tick + lead;
  };
}

test('counters in memory answer word for word as the store does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 80 }), async (steps) => {
      const folder = await mkdtemp(join(tmpdir(), 'toolgate-store-'));
      const store = await openSqliteStore({
        folder,
        sync: 'interval',
        clock: { now: () => START },
        onFault: () => {},
        mostValues: MOST_VALUES,
      });
      const memory = memoryCounters(MOST_VALUES);
      const done: { stored: Committed; counted: Counted }[] = [];
      let tick = START;
      let at = START;
      const shared = sharedTick();
      try {
        for (const one of steps) {
          if (one.kind === 'wait') [tick, at] = [tick + one.ms, at + one.ms];
          if (one.kind === 'back') [tick, at] = [tick - one.ms, at - one.ms];
          if (one.kind === 'wall back') at -= one.ms;
          if (one.kind === 'refund') {
            const which = done[one.which % Math.max(1, done.length)];
            if (which === undefined) continue;
            await store.append(entry('outcome', 'x'), which.stored.receipt);
            which.counted.giveBack();
          }
          if (one.kind !== 'call') continue;
          const told: ReadonlyMap<string, number>[] = [];
          const pass = passOf('call', tick, { at, counts: TALLIES, ...askingOf(one.wish, at) });
          const judge: Pass['judge'] = (counts) => {
            told.push(counts);
            return pass.judge(counts);
          };
          const stored = await store.commit({ ...pass, judge });
          const { consult } = askingOf(one.wish, at);
          const counted = memory.commit({ tick: shared(tick), at }, TALLIES, judge, (verdict) =>
            ruled(consult, verdict),
          );
          const { giveBack, ...answer } = counted;
          const { receipt, ...expected } = stored;
          expect(answer).toEqual(expected);
          expect(told[0]).toEqual(told[1]);
          done.push({ stored, counted });
        }
      } finally {
        await store.close();
        await rm(folder, { recursive: true });
      }
    }),
    { numRuns: 200 },
  );
}, 120_000);
