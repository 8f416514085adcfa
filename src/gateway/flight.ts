/** What goes on in the place of a message that is under way. */
export interface SharedPlace {
  /** The message is answered: what goes on has the place for itself. */
  alone(): void;
  leave(): void;
}

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

  /** Lets something begin in the place of a message of the grant that entered, however few there are; undefined when nothing may begin any more. */
  share(grant: string): SharedPlace | undefined {
    if (this.#isStopping) return undefined;
    this.#total++;
    let held: 'shared' | 'own' | 'none' = 'shared';
    return {
      alone: () => {
        if (held !== 'shared') return;
        held = 'own';
        this.#counts.set(grant, (this.#counts.get(grant) ?? 0) + 1);
      },
      leave: () => {
        const was = held;
        held = 'none';
        if (was === 'own') this.leave(grant);
        else if (was === 'shared') this.#land();
      },
    };
  }

  leave(grant: string): void {
    const count = this.#counts.get(grant) ?? 0;
    if (count > 1) this.#counts.set(grant, count - 1);
    else this.#counts.delete(grant);
    this.#land();
  }

  #land(): void {
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
