import { Worker } from 'node:worker_threads';
import type { AuditDesk, AuditWish, WrittenPage } from '../../../gateway/audit/find/audit-desk.ts';
import { StoreFault } from '../../../gateway/ports.ts';

export interface SearchRequest {
  readonly ticket: number;
  readonly ask: { readonly kind: 'page'; readonly wish: AuditWish } | { readonly kind: 'one'; readonly id: string };
}

export type SearchAnswer =
  | { readonly ticket: number; readonly kind: 'done'; readonly value: WrittenPage | string | undefined }
  | { readonly ticket: number; readonly kind: 'fault'; readonly words: string };

interface Waiting {
  done(value: unknown): void;
  failed(fault: StoreFault): void;
}

/** A record has at most some hundred thousand characters, and a slice five hundred records. */
const MOST_MEMORY_MB = 512;
/** A gateway that starts has other things to do, and many live shorter. */
const START_AFTER_MS = 3_000;
const START_AGAIN_MS = 5_000;

/** The search in the log of a folder, in a thread of its own, which keeps the index up to date as long as it lives. */
export class SearchThread implements AuditDesk {
  readonly #folder: string;
  readonly #failed: (words: string) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #again: NodeJS.Timeout | undefined;
  #tickets = 0;
  #closed = false;

  constructor(folder: string, failed: (words: string) => void) {
    this.#folder = folder;
    this.#failed = failed;
    this.#startIn(START_AFTER_MS);
  }

  async page(wish: AuditWish): Promise<WrittenPage> {
    return (await this.#ask({ kind: 'page', wish })) as WrittenPage;
  }

  async one(id: string): Promise<string | undefined> {
    return (await this.#ask({ kind: 'one', id })) as string | undefined;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#again);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise((resolve) => worker.once('exit', resolve));
    worker.postMessage('close');
    await ended;
  }

  #ask(ask: SearchRequest['ask']): Promise<unknown> {
    if (this.#closed) return Promise.reject(new StoreFault('the search in the log is closed'));
    this.#worker ??= this.#start();
    this.#tickets += 1;
    const ticket = this.#tickets;
    const answer = new Promise((done, failed) => this.#waiting.set(ticket, { done, failed }));
    this.#worker.postMessage({ ticket, ask } satisfies SearchRequest);
    return answer;
  }

  #start(): Worker {
    clearTimeout(this.#again);
    const resourceLimits = { maxOldGenerationSizeMb: MOST_MEMORY_MB };
    const worker = new Worker(workerFile(), { workerData: this.#folder, execArgv: [], resourceLimits });
    worker.on('message', (answer: SearchAnswer) => {
      const waiting = this.#waiting.get(answer.ticket);
      this.#waiting.delete(answer.ticket);
      if (answer.kind === 'done') waiting?.done(answer.value);
      else waiting?.failed(new StoreFault(answer.words));
    });
    worker.on('error', (error: unknown) => this.#failed(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => this.#ended());
    return worker;
  }

  /** Whoever waits is told; it begins again by itself. */
  #ended(): void {
    this.#worker = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const one of waiting) one.failed(new StoreFault('the search in the log ended; try again'));
    if (this.#closed) return;
    this.#startIn(START_AGAIN_MS);
  }

  /** Sooner if somebody asks. */
  #startIn(ms: number): void {
    this.#again = setTimeout(() => {
      this.#worker ??= this.#start();
    }, ms);
    this.#again.unref();
  }
}

/** The worker beside this file: as source in a checkout, compiled in the package. */
function workerFile(): URL {
  const built = import.meta.url.endsWith('.js');
  return new URL(built ? './search-worker.js' : './search-worker.ts', import.meta.url);
}
