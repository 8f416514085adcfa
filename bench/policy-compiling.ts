import { fileURLToPath } from 'node:url';
import { startChild } from '../test/kit/child.ts';
import type { Started } from '../test/kit/started.ts';
import { median, table, whole } from './figures.ts';
import { CASE_NAMES, GOAL_CASE, GOAL_MS } from './policy-documents.ts';

/** What one process says of compiling one document. */
export interface CompileSample {
  /** The first time in a new process, ms. */
  readonly firstMs: number;
  /** Median of the times after it, ms; the first where there was no time for another. */
  readonly againMs: number;
  /** CPU time of the thread for each of those, ms: on a busy machine it is not what others take. */
  readonly cpuMs: number;
  /** What the compiled policy, or the list of problems, keeps; MB. */
  readonly keptMb: number;
  /** How much the process grew at most while compiling for the first time, MB. */
  readonly grownMb: number;
  /** As JSON; 0 where it is too deep to be written. */
  readonly documentMb: number;
  readonly outcome: string;
}

export interface CompileFigures {
  readonly rows: readonly (CompileSample & { readonly name: string })[];
  readonly text: string;
}

const GIVE_UP_MS = 120_000;
const PROGRAM = fileURLToPath(new URL('policy-compile.ts', import.meta.url));

/** Compiles each document in new processes, round by round. */
export async function benchCompiling(kit: Started, rounds: number): Promise<CompileFigures> {
  const samples = new Map<string, CompileSample[]>();
  for (let round = 0; round < rounds; round += 1) {
    for (const name of CASE_NAMES) samples.set(name, [...(samples.get(name) ?? []), await compileApart(kit, name)]);
  }
  const rows = CASE_NAMES.map((name) => ({ name, ...mediansOf(samples.get(name) ?? []) }));
  return { rows, text: print(rows) };
}

async function compileApart(kit: Started, name: string): Promise<CompileSample> {
  const child = kit.add(startChild(process.execPath, ['--expose-gc', PROGRAM, name]));
  const late = setTimeout(() => void child.kill9(), GIVE_UP_MS);
  const end = await child.finished;
  clearTimeout(late);
  if (end === 0) return JSON.parse(child.stdout());
  const outcome =
    end === 'SIGKILL' ? `NO ANSWER within ${GIVE_UP_MS / 1_000} s` : `FAILED: ${lastLine(child.stderr())}`;
  const none = Number.NaN;
  return { firstMs: none, againMs: none, cpuMs: none, keptMb: none, grownMb: none, documentMb: none, outcome };
}

function lastLine(text: string): string {
  const fault = text.split('\n').find((line) => /Error|FATAL/.test(line));
  return (fault ?? text).trim().slice(0, 80);
}

function mediansOf(samples: readonly CompileSample[]): CompileSample {
  const of = (pick: (one: CompileSample) => number): number => median(samples.map(pick));
  return {
    firstMs: of((one) => one.firstMs),
    againMs: of((one) => one.againMs),
    cpuMs: of((one) => one.cpuMs),
    keptMb: of((one) => one.keptMb),
    grownMb: of((one) => one.grownMb),
    documentMb: of((one) => one.documentMb),
    // One that failed is what must be seen, whatever the others did.
    outcome: (samples.find(({ firstMs }) => Number.isNaN(firstMs)) ?? samples[0])?.outcome ?? 'nothing was measured',
  };
}

function print(rows: CompileFigures['rows']): string {
  const head = ['compiling', 'MB of JSON', 'first ms', 'again ms', 'CPU ms', 'kept MB', 'grown MB', ''];
  const lines = rows.map(({ name, documentMb, firstMs, againMs, cpuMs, keptMb, grownMb, outcome }) => [
    name,
    documentMb.toFixed(1),
    firstMs.toFixed(firstMs < 10 ? 1 : 0),
    againMs.toFixed(againMs < 10 ? 1 : 0),
    cpuMs.toFixed(cpuMs < 10 ? 1 : 0),
    keptMb.toFixed(1),
    whole(grownMb),
    outcome,
  ]);
  const goal = rows.find(({ name }) => name === GOAL_CASE);
  const verdict = goal !== undefined && goal.againMs < GOAL_MS ? 'met' : 'NOT met';
  // The last column is text: to the left.
  const widest = Math.max(...lines.map((line) => line.at(-1)?.length ?? 0));
  const padded = lines.map((line) => [...line.slice(0, -1), (line.at(-1) ?? '').padEnd(widest)]);
  return `${table([head, ...padded])}

  Goal for ${GOAL_CASE}, below ${GOAL_MS} ms in the median: ${verdict} (CPU time ${goal?.cpuMs.toFixed(0)} ms).
  "First" is in a new process, with code that never ran before; "again" the median of up to 21 times after it, "CPU" what
  the thread worked for each of those (collecting garbage beside it is not in it; a busy machine does not lengthen it).`;
}
