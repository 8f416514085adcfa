import { setTimeout as pause } from 'node:timers/promises';

/** How long one slice of work in the background may hold the event loop, and the lock. */
const WANTED_MS = 2;
const [FEWEST, FIRST, MOST] = [4, 32, 64];
/** Of the time three quarters are for others. */
const REST = 3;

/** How many rows are taken at a time, from how long the last ones took. */
export class Stride {
  #rows = FIRST;
  #took = 0;

  get rows(): number {
    return this.#rows;
  }

  /** Does one slice. */
  timed<T>(work: () => T): T {
    const begun = performance.now();
    try {
      return work();
    } finally {
      this.#took = performance.now() - begun;
      if (this.#took > WANTED_MS) this.#rows = Math.max(FEWEST, Math.floor(this.#rows / 2));
      else if (this.#took < WANTED_MS / 2) this.#rows = Math.min(MOST, this.#rows * 2);
    }
  }

  /** Lets others have their turn. */
  async rest(): Promise<void> {
    await pause(Math.max(1, this.#took * REST));
  }
}
