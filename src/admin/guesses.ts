import { networkOf } from './network-of.ts';

const WINDOW_MS = 60_000;
/** Wrong passphrases in a minute: of one source for one name, and of one source in all. */
const MOST_FOR_NAME = 5;
const MOST_OF_SOURCE = 30;
/** Trying a passphrase costs a third of a second and 128 MiB: so many at once, and so many sources of which one each waits for its turn. */
const AT_ONCE = 2;
const WAITING = 8;
const MOST_COUNTED = 10_000;

export type Tried<T> = { readonly kind: 'tried'; readonly value: T | undefined } | { readonly kind: 'later' };

/** Bounds how many passphrases strangers may try. Undefined of a trial is a wrong guess. */
export class Guesses {
  readonly #elapsed: () => number;
  #counts = new Map<string, number>();
  #since = Number.NEGATIVE_INFINITY;
  #running = 0;
  /** By their sources, in the order in which they came: so they take turns. */
  readonly #waiting = new Map<string, () => void>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Runs a trial if there is room for it and the source has not guessed wrong too often. `source`: the peer's address. */
  async attempt<T>(source: string, name: string, trial: () => Promise<T | undefined>): Promise<Tried<T>> {
    const network = networkOf(source);
    const keys = [`${network}\n${name}`, network] as const;
    if (this.#isFull(keys) || this.#waiting.has(network) || this.#waiting.size >= WAITING) return LATER;
    // Counted before it is tried, so that many at once are not more than the bound.
    this.#add(keys, 1);
    const since = this.#since;
    await this.#turn(network);
    try {
      const value = await trial();
      if (value !== undefined && since === this.#since) this.#add(keys, -1);
      return { kind: 'tried', value };
    } finally {
      this.#next();
    }
  }

  #isFull([ofName, ofSource]: readonly [string, string]): boolean {
    const now = this.#elapsed();
    if (now - this.#since >= WINDOW_MS) {
      this.#counts = new Map();
      this.#since = now;
    }
    const count = (key: string): number => this.#counts.get(key) ?? 0;
    // Who comes from ever new addresses is stopped all the same; tokens go on working.
    return count(ofName) >= MOST_FOR_NAME || count(ofSource) >= MOST_OF_SOURCE || this.#counts.size >= MOST_COUNTED;
  }

  #add(keys: readonly string[], change: number): void {
    for (const key of keys) this.#counts.set(key, (this.#counts.get(key) ?? 0) + change);
  }

  async #turn(network: string): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => void this.#waiting.set(network, resolve));
    else this.#running++;
  }

  /** Whoever waits takes the place of the one that is done. */
  #next(): void {
    const [first] = this.#waiting;
    if (first === undefined) {
      this.#running--;
      return;
    }
    const [network, begin] = first;
    this.#waiting.delete(network);
    begin();
  }
}

const LATER = { kind: 'later' } as const;
