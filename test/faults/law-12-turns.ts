interface Waiting {
  readonly process: number;
  go(): void;
}

/** Whoever wants something of a store waits for a turn, so that a test says in which order things happen: one after the other. */
export class Turns {
  #waiting: Waiting[] = [];
  /** Something was begun and is not done yet. */
  isBusy = false;
  /** The next has its turn as soon as the one before is done. */
  isFlowing = false;

  get isQuiet(): boolean {
    return !this.isBusy && this.#waiting.length === 0;
  }

  take(process: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ process, go: resolve });
      if (this.isFlowing) this.release(0);
    });
  }

  /** Nothing while another one is at it. */
  release(which: number): void {
    if (this.isBusy || this.#waiting.length === 0) return;
    const [next] = this.#waiting.splice(which % this.#waiting.length, 1);
    if (next === undefined) return;
    this.isBusy = true;
    next.go();
  }

  done(): void {
    this.isBusy = false;
    if (this.isFlowing) this.release(0);
  }

  /** The process is dead: it never gets its turn. */
  forget(process: number): void {
    this.#waiting = this.#waiting.filter((one) => one.process !== process);
  }
}

export const never = <T>(): Promise<T> => new Promise<T>(() => {});
