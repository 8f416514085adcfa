import { Worker } from 'node:worker_threads';
import type { Backtested, Backtests, BacktestWish } from '../gateway/audit/backtest-port.ts';
import { StoreFault } from '../gateway/ports.ts';
import type { JsonObject } from '../wire/json.ts';

export interface BacktestJob {
  readonly folder: string;
  readonly wish: BacktestWish;
  /** Wall time, ms since the epoch. */
  readonly now: number;
}

export type BacktestResult =
  | { readonly kind: 'backtest'; readonly found: JsonObject }
  | Extract<Backtested, { kind: 'invalid' }>
  | { readonly kind: 'fault'; readonly message: string };

/** They share the machine with the gateway. */
const MOST_AT_ONCE = 2;
const PATIENCE_MS = 120_000;
const MOST_MEGABYTES = 512;

/** Runs each backtest in a thread of its own, with a connection of its own that only reads. */
export function backtestsIn(folder: string): Backtests {
  let running = 0;
  return {
    async run(wish) {
      if (running >= MOST_AT_ONCE) return { kind: 'busy' };
      running += 1;
      try {
        return await runOne({ folder, wish: plain(wish), now: Date.now() });
      } finally {
        running -= 1;
      }
    },
  };
}

/** Threads hand over plain objects only. */
function plain(wish: BacktestWish): BacktestWish {
  return JSON.parse(JSON.stringify(wish)) as BacktestWish;
}

function runOne(workerData: BacktestJob): Promise<Backtested> {
  const worker = new Worker(workerFile(), {
    workerData,
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
  });
  worker.unref();
  const late = setTimeout(() => void worker.terminate(), PATIENCE_MS);
  return new Promise<Backtested>((resolve, reject) => {
    worker.on('message', (result: BacktestResult) =>
      result.kind === 'fault' ? reject(new StoreFault(result.message)) : resolve(result),
    );
    worker.on('error', (error: unknown) => {
      const isFull = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
      if (isFull) resolve({ kind: 'too much' });
      else reject(error);
    });
    // After a message this changes nothing.
    worker.on('exit', () => resolve({ kind: 'too much' }));
  }).finally(() => {
    clearTimeout(late);
    void worker.terminate();
  });
}

/** The worker beside this file: as source in a checkout, compiled in the package. */
function workerFile(): URL {
  const built = import.meta.url.endsWith('.js');
  return new URL(built ? './backtest-worker.js' : './backtest-worker.ts', import.meta.url);
}
