// `npm run proof:wire`: a million messages. TOOLGATE_FUZZ is their number, TOOLGATE_SEED the first seed.
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { BATCH, NOTHING, sum } from './batch.ts';
import type { Compared } from './compare.ts';
import { keep } from './kept.ts';
import { buildGo } from './readers.ts';

const WANTED = Number(process.env['TOOLGATE_FUZZ'] ?? 1_000_000);
const FIRST = Number(process.env['TOOLGATE_SEED'] ?? 20_261_121);
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

function told(): string {
  const { messages, sent, calls } = total;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  return `${messages} messages: ${messages - sent} refused, ${sent} sent (${calls} calls), ${failures} disagreements; seeds ${FIRST} to ${next - 1}, ${seconds} s`;
}

function take(compared: Compared): void {
  total = sum(total, { ...compared, disagreements: [] });
  for (const { law, text, told: how } of compared.disagreements) {
    failures++;
    const before = byLaw.get(law) ?? 0;
    byLaw.set(law, before + 1);
    if (before >= MOST_TOLD) continue;
    console.error(`FAILED: ${law}; kept as ${keep(law, text)}\n  ${text.slice(0, 2000)}\n  ${how}`);
  }
}

function work(go: readonly (readonly [string, string])[]): Promise<void> {
  const worker = new Worker(new URL('prove-worker.ts', import.meta.url), { workerData: go });
  const isEnough = (): boolean => (next - FIRST) * BATCH >= WANTED || failures >= MOST_FAILURES;
  return new Promise((resolve, reject) => {
    worker.on('error', reject);
    worker.on('exit', () => resolve());
    worker.on('message', (compared: Compared) => {
      take(compared);
      worker.postMessage(isEnough() ? 'end' : next++);
    });
    worker.postMessage(next++);
  });
}

const go = buildGo();
console.log(`readers: JavaScript, Python json${go.commands.map(([name]) => `, ${name}`).join('')}`);
for (const missing of go.missing) console.warn(`LEFT OUT: ${missing}`);
const progress = setInterval(() => console.log(told()), PROGRESS);
try {
  await Promise.all(Array.from({ length: availableParallelism() }, () => work(go.commands)));
} finally {
  clearInterval(progress);
  go.remove();
}
console.log(told());
for (const [reason, count] of Object.entries(total.refused).sort(([, one], [, other]) => other - one)) {
  console.log(`  ${String(count).padStart(7)} refused: ${reason}`);
}
for (const [law, count] of byLaw) console.error(`${count} times: ${law}`);
process.exitCode = failures === 0 ? 0 : 1;
