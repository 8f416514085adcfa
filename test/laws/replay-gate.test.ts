import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PlacedRecord } from '../../src/gateway/ports.ts';
import type { Sources } from '../../src/replay/call-again.ts';
import { keptDefinitions } from '../../src/replay/kept-definitions.ts';
import { readRecord } from '../../src/replay/read-record.ts';
import { replayer } from '../../src/replay/replayer.ts';
import { limitsText } from '../../src/store/sqlite/limits-text.ts';
import { openSqliteLog, openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { documents } from './arbitrary.ts';
import { TOOLS } from './arbitrary-document.ts';
import { args } from './arbitrary-value.ts';
import { compiled } from './engine.ts';
import { GRANTS, type Mood, ReplayedTown, type Way } from './replayed-town.ts';
import { RUNS, SEED } from './runs.ts';

/** Each of them writes a database. */
const LIVES = Math.max(1, Math.ceil(RUNS / 10));

interface Step {
  readonly at: number;
  readonly grant: string;
  readonly way: Way;
  readonly name: string;
  readonly args: JsonObject;
  readonly mood: Mood;
  readonly after: number;
  /** How far the wall is set, before the call. */
  readonly wall: number;
  readonly says: 'nothing' | 'approve' | 'deny' | 'edit';
  /** How often the same call is made. */
  readonly times: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  at: fc.nat({ max: 1 }),
  grant: fc.constantFrom(...GRANTS),
  way: fc.constantFrom<Way>('legacy ticket', 'legacy ticket', 'legacy held', 'ticket', 'held'),
  name: fc.constantFrom(...TOOLS, 'unheard_of'),
  args,
  mood: fc.constantFrom<Mood>('answers', 'answers', 'answers', 'unsent', 'asks'),
  after: fc.constantFrom(0, 1, 300, 1_000, 20_000, 61_000, 4_000_000),
  wall: fc.constantFrom(0, 0, 0, 0, 0, 0, 5_000, -5_000),
  says: fc.constantFrom('nothing', 'nothing', 'approve', 'approve', 'deny', 'edit'),
  times: fc.constantFrom(1, 1, 2, 3),
});

async function recordsIn(folder: string): Promise<readonly PlacedRecord[]> {
  const log = await openSqliteLog(folder);
  try {
    return await log.after(0, 1_000_000);
  } finally {
    await log.close();
  }
}

async function definitionsIn(folder: string): Promise<Sources['definition']> {
  const store = await openSqliteStore({
    folder,
    sync: 'interval',
    clock: { now: () => 0 },
    onFault() {},
    mode: 'read',
  });
  return keptDefinitions(store).finally(() => store.close());
}

describe(`the log under the policy that was in force (${LIVES} lives, seed ${SEED})`, () => {
  test('says again what was said, rule by rule and counter by counter', {
    timeout: 60_000 + LIVES * 3_000,
  }, async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(documents, fc.array(step, { minLength: 1, maxLength: 25 }), async (raw, steps) => {
        const folder = mkdtempSync(join(tmpdir(), 'toolgate-replay-'));
        try {
          const policies = compiled(raw);
          const town = await ReplayedTown.open(folder, raw, policies);
          for (const one of steps) {
            town.machine.advance(one.after);
            town.machine.wall += one.wall;
            town.mood = one.mood;
            for (let time = 0; time < one.times; time += 1) {
              await town.call(one.at, one.grant, one.way, one.name, one.args);
              if (one.says !== 'nothing') {
                await town.answer(one.says === 'deny' ? 'deny' : 'approve', one.says === 'edit' ? { n: 1 } : undefined);
              }
            }
          }
          await town.close();
          const records = await recordsIn(folder);
          const told = records.map((record) => ({ record, told: readRecord(record) }));
          const givenBack = new Set(told.flatMap((one) => (one.told.kind === 'unsent' ? [one.told.id] : [])));
          const sources = { open: () => undefined, definition: await definitionsIn(folder) };
          const past = replayer({ policiesFor: () => policies, sources, givenBack });
          for (const one of told) {
            const replay = past.take(one.told);
            if (replay === undefined || replay.kind === 'over') {
              if (replay !== undefined) count('over');
              continue;
            }
            const { call, replayed } = replay;
            const context = JSON.stringify([one.record.body, replayed]);
            count(replayed.kind);
            if (replayed.kind === 'not judged') continue;
            if (replayed.kind === 'cannot tell') throw new Error(`cannot tell: ${context}`);
            count(`${call.said.effect} became ${call.came}`);
            if (call.round === 'later') count('a later round');
            if (one.record.limits !== '[]') count('limited');
            if (call.wouldHave !== undefined) count('in shadow');
            expect([replayed.said.effect, replayed.said.rule, replayed.said.document ?? 'policy'], context).toEqual([
              call.said.effect,
              call.said.rule,
              call.said.document ?? 'policy',
            ]);
            expect(limitsText(replayed.limits), context).toBe(one.record.limits);
            if (call.came !== 'deny') {
              expect([replayed.would?.effect, replayed.would?.rule], context).toEqual([
                call.wouldHave?.effect,
                call.wouldHave?.rule,
              ]);
            }
          }
        } finally {
          rmSync(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: LIVES, seed: SEED },
    );
    // Nothing of all this was left out by chance.
    for (const what of [
      'allow became allow',
      'deny became deny',
      'require_approval became require_approval',
      'require_approval became allow',
      'require_approval became deny',
      'a later round',
      'limited',
      'in shadow',
      'not judged',
    ]) {
      expect(seen.get(what) ?? 0, `${what} of ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
    }
  });
});
