import { fileURLToPath } from 'node:url';
import { startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import { median, ratio, table } from './figures.ts';

const PROGRAM = fileURLToPath(new URL('../test/catalogue/load-all.ts', import.meta.url));
const GOAL_MS = 50;
const GOAL_MB = 30;
const GOAL_TIMES = 2;

interface CatalogueFigures {
  readonly text: string;
  /** Of loading all servers in a new process, their definitions not made yet; medians. */
  readonly ms: number;
  /** The same with all definitions, which are made when they are first asked for. */
  readonly allMs: number;
  /** With all definitions. */
  readonly heapMb: number;
  /** How many times as long as only parsing the files. */
  readonly timesParsing: number;
  readonly isSlow: boolean;
}

/** What it costs to have the whole catalogue at hand, beside what `JSON.parse` of its files costs; each in new processes, in turn. */
export async function benchCatalogue(kit: Started, rounds: number): Promise<CatalogueFigures> {
  const samples = new Map<Mode, Sample[]>(MODES.map((mode) => [mode, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const mode of MODES) samples.get(mode)?.push(await sampleOf(kit, mode));
  }
  const of = (mode: Mode, pick: (one: Sample) => number): number => median((samples.get(mode) ?? []).map(pick));
  const [ms, allMs, parseMs] = [
    of('servers', (one) => one.ms),
    of('all', (one) => one.ms),
    of('parse', (one) => one.ms),
  ];
  const heapMb = of('all', (one) => one.heapMb);
  const row = (name: string, mode: Mode): readonly string[] => {
    const took = of(mode, (one) => one.ms);
    return [name, took.toFixed(0), ratio(took / parseMs), of(mode, (one) => one.heapMb).toFixed(1)];
  };
  const rows = [
    ['the whole catalogue', 'ms', 'times parsing', 'kept MB'],
    row('files parsed', 'parse'),
    row('loaded', 'servers'),
    row('with all definitions', 'all'),
  ];
  // On a busy machine everything takes longer, parsing too.
  const isSlow = (ms > GOAL_MS && ms > GOAL_TIMES * parseMs) || heapMb > GOAL_MB;
  const text = `${table(rows)}\n  Goal, below ${GOAL_MS} ms (on a busy machine ${GOAL_TIMES} times parsing) and ${GOAL_MB} MB: ${isSlow ? 'NOT met' : 'met'}.`;
  return { text, ms, allMs, heapMb, timesParsing: ms / parseMs, isSlow };
}

const MODES = ['parse', 'servers', 'all'] as const;
type Mode = (typeof MODES)[number];

interface Sample {
  readonly ms: number;
  readonly heapMb: number;
}

async function sampleOf(kit: Started, mode: Mode): Promise<Sample> {
  const child = kit.add(startChild(process.execPath, ['--expose-gc', PROGRAM, mode]));
  const end = await child.finished;
  if (end !== 0) throw new Error(`loading the catalogue failed: ${child.stderr().trim()}`);
  return JSON.parse(child.stdout());
}
