import { createHmac, randomBytes } from 'node:crypto';

const LIFE_MS = 5 * 60_000;
const MOST = 100;

/**
 * Passphrases that were found right a moment ago, so that a client that sends one with every request does not cost a third of a second each time.
 * What is kept is a digest under a key that never leaves this object; another credential of the person makes it worthless.
 */
export class Proven {
  readonly #key = randomBytes(32);
  readonly #elapsed: () => number;
  readonly #until = new Map<string, number>();

  constructor(elapsed: () => number) {
    this.#elapsed = elapsed;
  }

  has(name: string, passphrase: string, credential: string): boolean {
    const until = this.#until.get(this.#digest(name, passphrase, credential));
    return until !== undefined && this.#elapsed() < until;
  }

  keep(name: string, passphrase: string, credential: string): void {
    const [oldest] = this.#until.keys();
    if (this.#until.size >= MOST && oldest !== undefined) this.#until.delete(oldest);
    this.#until.set(this.#digest(name, passphrase, credential), this.#elapsed() + LIFE_MS);
  }

  #digest(...parts: readonly string[]): string {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest('hex');
  }
}
