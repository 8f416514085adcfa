import { isIPv6 } from 'node:net';

const WINDOW_MS = 60_000;
/** Wrong passphrases in a minute: of one source for one name, and of one source in all. */
const MOST_FOR_NAME = 5;
const MOST_OF_SOURCE = 30;
/** Trying a passphrase costs a third of a second and 128 MiB: so many at once, and so many that wait for their turn. */
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
  readonly #queue: (() => void)[] = [];

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  /** Runs a trial if there is room for it and the source has not guessed wrong too often. `source`: the peer's address. */
  async attempt<T>(source: string, name: string, trial: () => Promise<T | undefined>): Promise<Tried<T>> {
    const keys = [`${network(source)}\n${name}`, network(source)] as const;
    if (this.#isFull(keys) || this.#queue.length >= WAITING) return LATER;
    // Counted before it is tried, so that many at once are not more than the bound.
    this.#add(keys, 1);
    const since = this.#since;
    await this.#turn();
    try {
      const value = await trial();
      if (value !== undefined && since === this.#since) this.#add(keys, -1);
      return { kind: 'tried', value };
    } finally {
      this.#running--;
      this.#queue.shift()?.();
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

  async #turn(): Promise<void> {
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => void this.#queue.push(resolve));
    this.#running++;
  }
}

const LATER = { kind: 'later' } as const;

/** Who has one address of IPv6 has the whole /64. */
function network(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const rest = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - groups.length - rest.length;
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest].slice(0, 4).join(':');
}
