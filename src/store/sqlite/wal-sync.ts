import { StoreFault } from '../../gateway/ports.ts';

interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (fault: StoreFault) => void;
}

/** Brings what was committed to the disk, off the event loop: one sync at a time, each for all that was written before it. */
export class WalSync {
  readonly #flush: () => Promise<void>;
  readonly #delayMs: number;
  readonly #failed: (fault: StoreFault) => void;
  #written = 0;
  #synced = 0;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waiters: Waiter[] = [];
  #broken: StoreFault | undefined;

  /** `delayMs` is how long a commit may stay unsynced when nobody asks; 0 syncs at once. */
  constructor(flush: () => Promise<void>, delayMs: number, failed: (fault: StoreFault) => void) {
    this.#flush = flush;
    this.#delayMs = delayMs;
    this.#failed = failed;
  }

  /** Tells that a transaction was committed. */
  wrote(): void {
    this.#written += 1;
    if (this.#running !== undefined || this.#timer !== undefined || this.#broken !== undefined) return;
    if (this.#delayMs === 0) this.#start();
    else this.#timer = setTimeout(() => this.#start(), this.#delayMs).unref();
  }

  /** Resolves when all that was written so far is on the disk. */
  now(): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    if (this.#synced >= this.#written) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ upTo: this.#written, resolve, reject });
      if (this.#running === undefined) this.#start();
    });
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const upTo = this.#written;
    this.#running = this.#flush().then(
      () => this.#done(upTo),
      (error) => this.#fail(error),
    );
  }

  #done(upTo: number): void {
    this.#running = undefined;
    this.#synced = upTo;
    const waiters = this.#waiters;
    this.#waiters = waiters.filter((waiter) => waiter.upTo > upTo);
    for (const waiter of waiters) if (waiter.upTo <= upTo) waiter.resolve();
    if (this.#running !== undefined || this.#synced >= this.#written) return;
    if (this.#delayMs === 0 || this.#waiters.length > 0) this.#start();
    else this.#timer = setTimeout(() => this.#start(), this.#delayMs).unref();
  }

  // INVARIANT: after one failure no later sync is believed: the kernel may have thrown the unwritten pages away, and a gap
  // in the log makes everything after it unreadable.
  #fail(error: unknown): void {
    this.#running = undefined;
    const words = error instanceof Error ? error.message : String(error);
    const fault = new StoreFault(
      `store: syncing to the disk failed (${words}); check the disk, then restart the gateway`,
      {
        cause: error,
      },
    );
    this.#broken = fault;
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(fault);
    this.#failed(fault);
  }
}
