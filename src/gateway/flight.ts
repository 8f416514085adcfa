/** Requests of all clients that wait for answers, counted for each grant. */
export class Flight {
  readonly #counts = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  readonly #warned = new Set<() => void>();
  #total = 0;
  #isStopping = false;

  /** One more of the grant, of at most `max`; to be given back by `leave` when it entered. */
  enter(grant: string, max: number): 'entered' | 'full' | 'stopping' {
    if (this.#isStopping) return 'stopping';
    const count = this.#counts.get(grant) ?? 0;
    if (count >= max) return 'full';
    this.#counts.set(grant, count + 1);
    this.#total++;
    return 'entered';
  }

  leave(grant: string): void {
    const count = this.#counts.get(grant) ?? 0;
    if (count > 1) this.#counts.set(grant, count - 1);
    else this.#counts.delete(grant);
    this.#total--;
    if (this.#total === 0) for (const landed of this.#waiting.splice(0)) landed();
  }

  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Calls `warn` when the stop begins, for what waits for a person; the answer takes it back. */
  onStop(warn: () => void): () => void {
    this.#warned.add(warn);
    return () => void this.#warned.delete(warn);
  }

  /** From now on nothing enters. Resolves when all that is under way has come back. */
  stop(): Promise<void> {
    this.#isStopping = true;
    for (const warn of [...this.#warned]) warn();
    if (this.#total === 0) return Promise.resolve();
    return new Promise((resolve) => void this.#waiting.push(resolve));
  }
}
