// `npm run proof:policy`: a million documents and a million calls. TOOLGATE_FUZZ is their number, TOOLGATE_SEED the first seed.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type Batch, NOTHING, sum } from './batch.ts';
import { keep } from './kept.ts';

const WANTED = Number(process.env['TOOLGATE_FUZZ'] ?? 1_000_000);
const FIRST = Number(process.env['TOOLGATE_SEED'] ?? 20_260_401);
/** Of one law so many are kept and told; more of them are one defect, most likely. */
const MOST_TOLD = 3;
/** Then there is no point in going on. */
const MOST_FAILURES = 1_000;
const PROGRESS = 10_000;

let next = FIRST;
let total = NOTHING;
let failures = 0;
const byLaw = new Map<string, number>();
const started = performance.now();

const isEnough = (): boolean => (total.documents >= WANTED && total.calls >= WANTED) || failures >= MOST_FAILURES;

function told(): string {
  const { documents, compiled, calls, agreed, texts } = total;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return `${documents} documents (${compiled} compiled, ${texts} as texts), ${calls} calls (${agreed} judged by the naive engine too), ${failures} failures; seeds ${FIRST} to ${next - 1}, ${seconds} s`;
}

function take(batch: Batch): void {
  total = sum(total, batch.outcome);
  for (const { at, fault, trial } of batch.failures) {
    failures++;
    const before = byLaw.get(fault.law) ?? 0;
    byLaw.set(fault.law, before + 1);
    if (before >= MOST_TOLD) continue;
    const file = keep(fault.law, trial);
    console.error(`FAILED: ${fault.law} (seed ${batch.seed}, trial ${at}); kept as ${file}\n  ${fault.told}`);
    console.error(`  ${JSON.stringify(trial).slice(0, 2000)}`);
  }
}

function work(): Promise<void> {
  const worker = new Worker(new URL('prove-worker.ts', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (batch: Batch) => {
      take(batch);
      if (isEnough()) void worker.terminate().then(() => resolve());
      else worker.postMessage(next++);
    });
    worker.postMessage(next++);
  });
}

const progress = setInterval(() => console.log(told()), PROGRESS);
await Promise.all(Array.from({ length: availableParallelism() }, work));
clearInterval(progress);
console.log(told());
for (const [law, count] of byLaw) console.error(`${count} times: ${law}`);
process.exitCode = failures === 0 ? 0 : 1;
