import type { Pass } from './bridge.ts';

const MAX_WAITING = 1_000;

/** Why a message beyond them is not sent. */
export const TOO_MANY = 'too many messages wait for the server';

/** Messages that wait until it is known how to send them. */
export class Waiting {
  #passes: Pass[] = [];

  /** False when too many wait already. */
  add(pass: Pass): boolean {
    if (this.#passes.length >= MAX_WAITING) return false;
    this.#passes.push(pass);
    return true;
  }

  /** Takes a request out that was cancelled before it was sent; false when it does not wait here. */
  withdraw(id: number): boolean {
    const left = this.#passes.filter(({ message }) => message['id'] !== id);
    const isFound = left.length < this.#passes.length;
    this.#passes = left;
    return isFound;
  }

  /** Hands all of them out. */
  take(): readonly Pass[] {
    const passes = this.#passes;
    this.#passes = [];
    return passes;
  }

  /** Drops all of them; gives the ids of the requests. */
  ids(): readonly number[] {
    return this.take().flatMap(({ message: { id, method } }) =>
      typeof id === 'number' && method !== undefined ? [id] : [],
    );
  }
}
