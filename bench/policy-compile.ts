// Compiles one document in a process of its own, so that its memory is nobody else's. Prints one line of JSON.
import { compilePolicy } from '../src/policy/compile.ts';
import { median } from './figures.ts';
import type { CompileSample } from './policy-compiling.ts';
import { makeCase } from './policy-documents.ts';

const TIMES = 21;
const ENOUGH_MS = 1_000;

interface Once {
  readonly ms: number;
  readonly cpuMs: number;
  readonly outcome: string;
  readonly compiled: unknown;
}

const value = makeCase(process.argv[2] ?? '');
const collect = (): void => globalThis.gc?.();
const heapMb = (): number => process.memoryUsage().heapUsed / 1e6;
const documentMb = sizeMb(value);
collect();
const heapBefore = heapMb();
const rssBefore = process.memoryUsage().rss;

const first = compileOnce();
const grownMb = Math.max(0, process.resourceUsage().maxRSS * 1024 - rssBefore) / 1e6;
collect();
const keptMb = Math.max(0, heapMb() - heapBefore);

const later: number[] = [];
const cpuBefore = process.threadCpuUsage();
for (let spent = first.ms; later.length < TIMES && spent < ENOUGH_MS; spent += later.at(-1) ?? 0)
  later.push(compileOnce().ms);
const { user, system } = process.threadCpuUsage(cpuBefore);
const sample: CompileSample = {
  firstMs: first.ms,
  againMs: later.length === 0 ? first.ms : median(later),
  cpuMs: later.length === 0 ? first.cpuMs : (user + system) / 1e3 / later.length,
  keptMb,
  grownMb,
  documentMb,
  outcome: first.outcome,
};
console.log(JSON.stringify(sample));

function compileOnce(): Once {
  const cpu = process.threadCpuUsage();
  const start = performance.now();
  const compiled = compilePolicy(value, 'policy');
  const ms = performance.now() - start;
  const spent = process.threadCpuUsage(cpu);
  const cpuMs = (spent.user + spent.system) / 1e3;
  // What was compiled is handed out as well: what nobody holds keeps no memory.
  if (compiled.kind === 'policy') return { ms, cpuMs, outcome: 'a policy', compiled };
  const { length } = compiled.problems;
  const [one] = compiled.problems;
  const text = one?.message ?? '';
  const shown = text.length > 64 ? `${text.slice(0, 63)}…` : text;
  return { ms, cpuMs, outcome: `${length} problem${length === 1 ? '' : 's'}: ${shown}`, compiled };
}

function sizeMb(document: unknown): number {
  try {
    return JSON.stringify(document).length / 1e6;
  } catch {
    // Nested deeper than JSON can be written here.
    return 0;
  }
}
