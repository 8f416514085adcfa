import { fileURLToPath } from 'node:url';
import { startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import { median, ratio, table } from './figures.ts';

const PROGRAM = fileURLToPath(new URL('../test/catalogue/load-all.ts', import.meta.url));
const GOAL_MS = 50;
const GOAL_MB = 30;

interface CatalogueFigures {
  readonly text: string;
  /** Of loading all servers with all definitions, in a new process; medians. */
  readonly ms: number;
  readonly heapMb: number;
  /** How many times as long as only parsing the files. */
  readonly timesParsing: number;
  readonly isSlow: boolean;
}

/** What it costs to have the whole catalogue at hand, beside what `JSON.parse` of its files costs; each in new processes, in turn. */
export async function benchCatalogue(kit: Started, rounds: number): Promise<CatalogueFigures> {
  const loads: Sample[] = [];
  const parses: Sample[] = [];
  for (let round = 0; round < rounds; round += 1) {
    parses.push(await sampleOf(kit, 'parse'));
    loads.push(await sampleOf(kit, 'load'));
  }
  const ms = median(loads.map((one) => one.ms));
  const parseMs = median(parses.map((one) => one.ms));
  const heapMb = median(loads.map((one) => one.heapMb));
  const rows = [
    ['the whole catalogue', 'ms', 'as often as parsing', 'kept MB'],
    ['files parsed', parseMs.toFixed(0), '', median(parses.map((one) => one.heapMb)).toFixed(1)],
    [`loaded (${loads[0]?.tools} tools)`, ms.toFixed(0), ratio(ms / parseMs), heapMb.toFixed(1)],
  ];
  const isSlow = ms > GOAL_MS || heapMb > GOAL_MB;
  const text = `${table(rows)}\n  Goal, below ${GOAL_MS} ms and ${GOAL_MB} MB: ${isSlow ? 'NOT met' : 'met'}.`;
  return { text, ms, heapMb, timesParsing: ms / parseMs, isSlow };
}

interface Sample {
  readonly tools: number;
  readonly ms: number;
  readonly heapMb: number;
}

async function sampleOf(kit: Started, mode: 'load' | 'parse'): Promise<Sample> {
  const child = kit.add(startChild(process.execPath, ['--expose-gc', PROGRAM, mode]));
  const end = await child.finished;
  if (end !== 0) throw new Error(`loading the catalogue failed: ${child.stderr().trim()}`);
  return JSON.parse(child.stdout());
}
