import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkpointsBy } from '../src/compose/signing-keys.ts';
import type { CheckpointPace } from '../src/gateway/audit/audit-ports.ts';
import { openSqliteStore } from '../src/store/sqlite/open.ts';

/** So many records are on their way at the same time. */
const AT_ONCE = 64;
const BODY = JSON.stringify({ decision: 'allow', grant: 'alice-laptop', padding: 'x'.repeat(600) });

interface Figures {
  /** Records a second, each on the disk before it counts. */
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

type Way = 'appends to a file' | 'the log, unsigned' | 'the log, signed' | 'the log, signed every 100';

const PACES: { readonly [way in Way]?: CheckpointPace } = {
  'the log, signed': { records: 1000, ms: 60_000 },
  'the log, signed every 100': { records: 100, ms: 60_000 },
};
const WAYS: readonly Way[] = ['appends to a file', 'the log, unsigned', 'the log, signed', 'the log, signed every 100'];

/** What a durable record costs: the log with and without checkpoints, beside plain appends that are synced in the same batches. */
export async function benchLog(
  rounds: number,
  seconds: number,
): Promise<{ readonly text: string; readonly ways: Readonly<Record<string, Figures>> }> {
  const found = new Map<Way, Figures[]>(WAYS.map((way) => [way, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const way of WAYS) found.get(way)?.push(await measured(way, seconds));
  }
  const ways = Object.fromEntries([...found].map(([way, all]) => [way, median(all)]));
  const lines = Object.entries(ways).map(([way, { perSecond, p50, p99 }]) => {
    const times = `p50 ${p50.toFixed(2)} ms, p99 ${p99.toFixed(2)} ms`;
    return `  ${way.padEnd(27)} ${Math.round(perSecond).toString().padStart(7)} records/s durable   ${times}`;
  });
  return { text: `The log: ${AT_ONCE} records at once, each on the disk before it counts\n${lines.join('\n')}`, ways };
}

function median(all: readonly Figures[]): Figures {
  const sorted = all.toSorted((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

async function measured(way: Way, seconds: number): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), 'toolgate-bench-log-'));
  const place = way === 'appends to a file' ? await plainFile(folder) : await logIn(folder, PACES[way]);
  const latencies: number[] = [];
  const end = performance.now() + seconds * 1000;
  let next = 0;
  const writeOn = async (): Promise<void> => {
    while (performance.now() < end) {
      const begin = performance.now();
      next += 1;
      await place.write(`r${next}`);
      latencies.push(performance.now() - begin);
    }
  };
  try {
    const begin = performance.now();
    await Promise.all(Array.from({ length: AT_ONCE }, writeOn));
    const took = performance.now() - begin;
    latencies.sort((a, b) => a - b);
    const at = (part: number): number => latencies[Math.floor(latencies.length * part)] ?? Number.NaN;
    return { perSecond: (latencies.length * 1000) / took, p50: at(0.5), p99: at(0.99) };
  } finally {
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Place {
  write(id: string): Promise<void>;
  close(): Promise<void>;
}

async function logIn(folder: string, pace: CheckpointPace | undefined): Promise<Place> {
  const store = await openSqliteStore({
    folder,
    sync: 'interval',
    clock: { now: () => Date.now() },
    onFault: (message) => console.error(message),
    ...(pace === undefined ? {} : { checkpoints: checkpointsBy(folder, pace) }),
  });
  return {
    async write(id) {
      await store.append({ id, kind: 'call', at: Date.now(), body: BODY }, undefined);
      await store.synced();
    },
    close: () => store.close(),
  };
}

/** Appends of one turn are written together, and one sync is for all that was written before it. */
async function plainFile(folder: string): Promise<Place> {
  const file = await open(join(folder, 'log'), 'a');
  let waiting: { readonly line: string; readonly done: () => void }[] = [];
  let isRunning = false;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      await file.appendFile(batch.map(({ line }) => line).join(''));
      await file.datasync();
      for (const { done } of batch) done();
      await new Promise((resolve) => setImmediate(resolve));
    }
    isRunning = false;
  };
  return {
    write: (id) =>
      new Promise((done) => {
        waiting.push({ line: `${id} ${BODY}\n`, done });
        if (isRunning) return;
        isRunning = true;
        setImmediate(() => void run());
      }),
    close: () => file.close(),
  };
}
