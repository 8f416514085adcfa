import { Worker } from 'node:worker_threads';

/** About 4 MB of log. */
const PAGES = 1_000;
/** Pages that a transaction writes beside its records: the tops of the tables and indexes. */
const PAGES_PER_GROUP = 4;
const PAGE_BYTES = 4_096;

/** Moves the log into the database by a thread of its own, started when there is enough to move. */
export class Checkpointer {
  readonly #path: string;
  readonly #failed: (words: string) => void;
  #worker: Worker | undefined;
  #busy = false;
  #pages = 0;

  constructor(path: string, failed: (words: string) => void) {
    this.#path = path;
    this.#failed = failed;
  }

  /** Counts one transaction of about so many bytes. */
  wrote(bytes: number): void {
    this.#pages += PAGES_PER_GROUP + bytes / PAGE_BYTES;
    if (this.#pages < PAGES || this.#busy) return;
    this.#pages = 0;
    this.#busy = true;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    worker.ref();
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(workerFile(), { workerData: this.#path, execArgv: [] });
    worker.unref();
    worker.on('message', (words: unknown) => {
      this.#busy = false;
      if (typeof words === 'string') this.#failed(words);
    });
    worker.on('error', (error: unknown) => this.#failed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => {
      this.#busy = false;
      this.#worker = undefined;
    });
    return worker;
  }
}

/** The worker beside this file: as source in a checkout, compiled in the package. */
function workerFile(): URL {
  const built = import.meta.url.endsWith('.js');
  return new URL(built ? './checkpoint-worker.js' : './checkpoint-worker.ts', import.meta.url);
}
