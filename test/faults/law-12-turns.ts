interface Waiting {
  readonly process: number;
  go(): void;
}

/** Whoever wants something of a store waits for a turn, so that a test says in which order things happen. */
export class Turns {
  #waiting: Waiting[] = [];
  /** What was begun and is not done yet. */
  busy = 0;

  get size(): number {
    return this.#waiting.length;
  }

  take(process: number): Promise<void> {
    return new Promise((resolve) => void this.#waiting.push({ process, go: resolve }));
  }

  release(which: number): void {
    const [next] = this.#waiting.splice(which % Math.max(1, this.#waiting.length), 1);
    next?.go();
  }

  /** The process is dead: it never gets its turn. */
  forget(process: number): void {
    this.#waiting = this.#waiting.filter((one) => one.process !== process);
  }
}

export const never = <T>(): Promise<T> => new Promise<T>(() => {});
