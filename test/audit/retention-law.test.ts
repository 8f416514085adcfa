import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LogPruning } from '../../src/gateway/audit/audit-ports.ts';
import type { Store } from '../../src/gateway/ports.ts';
import { entry, START } from '../stores/story.ts';
import { secondVerifier } from './second-verifier.ts';
import { type LogFolder, logFolder, NOTHING_GOES } from './small-log.ts';

const RUNS = Number(process.env['TOOLGATE_RUNS'] ?? 40);
const SEED = Number(process.env['TOOLGATE_SEED'] ?? 20_260_401);
const second = await secondVerifier();

/** What happens next in the life of a folder; `who` is one of three processes that come and go. */
type Act =
  | { readonly kind: 'write'; readonly who: number; readonly count: number }
  | { readonly kind: 'end'; readonly who: number }
  | { readonly kind: 'wait' }
  | { readonly kind: 'prune'; readonly who: number; readonly age: number; readonly kept: number }
  /** Ends after so many steps: between seal and deletion, or in the middle of it. */
  | { readonly kind: 'crash'; readonly who: number; readonly steps: number };

const who = fc.nat(2);
const ACT: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('write' as const), who, count: fc.integer({ min: 1, max: 60 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('end' as const), who }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('prune' as const),
      who,
      age: fc.nat(3),
      kept: fc.integer({ min: 1, max: 400 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), who, steps: fc.nat(6) }) },
);

interface Row {
  readonly writer: number;
  readonly seq: number;
  readonly n: number;
  readonly at: number;
}

function rowsOf(folder: LogFolder): readonly Row[] {
  const rows = folder.rows('SELECT writer, seq, n, at FROM record ORDER BY n');
  return rows.map(({ writer, seq, n, at }) => ({
    writer: Number(writer),
    seq: Number(seq),
    n: Number(n),
    at: Number(at),
  }));
}

/** What a run must leave, told in the plainest way: of each writer what comes after its last old checkpoint. */
function promised(
  folder: LogFolder,
  before: readonly Row[],
  signedBefore: number,
  keptFrom: number,
): readonly number[] {
  const checkpoints = folder.rows(
    "SELECT writer.n AS writer, size, body FROM seal JOIN writer ON id = seal.writer WHERE frontier <> '' ORDER BY seal.n",
  );
  const signedAway = folder.rows(
    "SELECT writer.n AS writer, size FROM seal JOIN writer ON id = seal.writer WHERE frontier = ''",
  );
  const newest = before.at(-1)?.n ?? 0;
  return before
    .filter((row) => {
      if (signedAway.some(({ writer, size }) => writer === row.writer && Number(size) >= row.seq)) return false;
      const covers = checkpoints.filter(({ writer, size, body }) => {
        const last = before.find((one) => one.writer === writer && one.seq === size);
        const isOld = (JSON.parse(String(body)) as { readonly at: number }).at < signedBefore;
        return (
          writer === row.writer &&
          Number(size) >= row.seq &&
          isOld &&
          last !== undefined &&
          last.n < Math.min(keptFrom, newest)
        );
      });
      return covers.length === 0;
    })
    .map(({ n }) => n);
}

async function expectWhole(folder: LogFolder): Promise<void> {
  const { code, err } = await folder.audit('verify');
  expect([code, err]).toEqual([0, '']);
  const faults: string[] = [];
  const db = folder.database();
  second.checkLog(db, faults);
  db.close();
  expect(faults).toEqual([]);
}

async function lived(acts: readonly Act[]): Promise<void> {
  const folder = logFolder();
  let now = START;
  const open = new Map<number, Store & LogPruning>();
  const process = async (name: number): Promise<Store & LogPruning> => {
    const store = open.get(name) ?? (await folder.open(5, () => now));
    open.set(name, store);
    return store;
  };
  try {
    await process(0);
    for (const act of acts) {
      if (act.kind === 'wait') now += 1000;
      else if (act.kind === 'end') {
        await open.get(act.who)?.close();
        open.delete(act.who);
      } else {
        const store = await process(act.who);
        if (act.kind === 'write') {
          for (let n = 0; n < act.count; n += 1) await store.append({ ...entry('event', `e${n}`), at: now }, undefined);
        } else if (act.kind === 'crash') {
          let steps = act.steps;
          const isOver = (): boolean => {
            steps -= 1;
            return steps < 0;
          };
          const before = rowsOf(folder);
          await store.prune({ ...NOTHING_GOES, signedBefore: now, isOver });
          // Nothing young goes, and nothing that no seal gave up.
          const left = new Set(rowsOf(folder).map(({ n }) => n));
          for (const row of before) expect(left.has(row.n) || row.at < now).toBe(true);
          await store.close();
          open.delete(act.who);
        } else {
          const signedBefore = now - act.age * 1000;
          const before = rowsOf(folder);
          const { faults } = await store.prune({ ...NOTHING_GOES, signedBefore, keptFrom: async () => act.kept });
          expect(faults).toEqual([]);
          expect(rowsOf(folder).map(({ n }) => n)).toEqual(promised(folder, before, signedBefore, act.kept));
        }
      }
      await expectWhole(folder);
    }
    for (const store of open.values()) await store.close();
    open.clear();
    await expectWhole(folder);
    expect(folder.faults).toEqual([]);
  } finally {
    for (const store of open.values()) await store.close();
    folder.remove();
  }
}

test(
  `whatever is written, removed and broken off, the log verifies, and exactly what was promised is there (${RUNS} lives, seed ${SEED})`,
  () =>
    fc.assert(fc.asyncProperty(fc.array(ACT, { minLength: 4, maxLength: 25 }), lived), { numRuns: RUNS, seed: SEED }),
  60_000 + RUNS * 5_000,
);
