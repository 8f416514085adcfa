import { clearTimeout, setTimeout } from 'node:timers';
import type { Passage } from '../gateway/passage.ts';
import type { Permit } from '../gateway/permit.ts';
import { requestId } from './outgoing.ts';

export type Outgoing = Permit | Passage;

/** How many messages may wait. */
export const MAX_WAITING = 1000;
/**
 * How long messages wait for the answer to `initialized`. Over HTTP a later message can overtake an earlier one, so
 * the first moments keep the order; no longer, since permitted calls that are let go together would reach the server
 * closer to each other than their limits allow.
 */
const HOLD_MS = 250;

/** Messages on their way out: held in order while it is closed, posted while it is open. It begins closed. */
export class Outbox {
  readonly #post: (pass: Outgoing) => void;
  #waiting: Outgoing[] = [];
  #isOpen = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(post: (pass: Outgoing) => void) {
    this.#post = post;
  }

  /** `full`: it is neither posted nor held. */
  send(pass: Outgoing): 'taken' | 'full' {
    if (this.#isOpen) this.#post(pass);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(pass);
    else return 'full';
    return 'taken';
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#isOpen = false;
  }

  /** Closes it for a moment, to keep the order; it opens by itself if nobody opens it. */
  hold(): void {
    this.close();
    this.#timer = setTimeout(() => this.open(), HOLD_MS);
  }

  /** Posts what waits, until one of them closes it again. */
  open(): void {
    clearTimeout(this.#timer);
    this.#isOpen = true;
    while (this.#isOpen) {
      const pass = this.#waiting.shift();
      if (pass === undefined) return;
      this.#post(pass);
    }
  }

  /** Takes out a request that waits. False where it does not. */
  withdraw(id: number): boolean {
    const at = this.#waiting.findIndex(({ message }) => requestId(message) === id);
    if (at < 0) return false;
    this.#waiting.splice(at, 1);
    return true;
  }

  /** Closes it and hands back what waits. */
  empty(): readonly Outgoing[] {
    this.close();
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }
}
