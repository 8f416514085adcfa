import type { MessageId } from '../wire/message.ts';
import { ownText } from '../wire/own-text.ts';
import type { Clock } from './ports.ts';

const INTERVAL_MS = 10_000;
/** Questions that the client has not answered yet. */
const MAX_OPEN = 200;

/** What a server asks of the client: bounded, so that a server can fill neither the log nor the memory. */
export class Questions {
  readonly #clock: Clock;
  readonly #maxInInterval: number;
  /** The server's ids, by the ids under which we asked. */
  readonly #open = new Map<MessageId, MessageId>();
  #made = 0;
  #began = Number.NEGATIVE_INFINITY;
  #admitted = 0;
  #turnedAway = 0;

  /** `maxInInterval`: requests of one server that walk the path, and so are recorded, in ten seconds. */
  constructor(clock: Clock, maxInInterval: number) {
    this.#clock = clock;
    this.#maxInInterval = maxInInterval;
  }

  /** Whether one more may be judged now. Gives, when an interval ends, how many were turned away in it unrecorded. */
  admit(): { readonly kind: 'admitted' | 'turned away'; readonly unrecorded: number } {
    const now = this.#clock.tick();
    let unrecorded = 0;
    if (now - this.#began >= INTERVAL_MS) {
      unrecorded = this.#turnedAway;
      this.#began = now;
      this.#admitted = 0;
      this.#turnedAway = 0;
    }
    if (this.#admitted >= this.#maxInInterval || this.#open.size >= MAX_OPEN) {
      this.#turnedAway++;
      return { kind: 'turned away', unrecorded };
    }
    this.#admitted++;
    return { kind: 'admitted', unrecorded };
  }

  /** Remembers a question under an id of our own, which it gives. */
  open(serverId: MessageId): MessageId {
    const id = `gate-${++this.#made}`;
    this.#open.set(id, typeof serverId === 'string' ? ownText(serverId) : serverId);
    return id;
  }

  /** The server's id for an answer of the client; each is given once. */
  take(id: MessageId | null): MessageId | undefined {
    if (id === null) return undefined;
    const serverId = this.#open.get(id);
    this.#open.delete(id);
    return serverId;
  }

  /** Forgets a question that the server withdrew; gives our id for it. */
  withdraw(serverId: unknown): MessageId | undefined {
    for (const [ours, theirs] of this.#open) {
      if (theirs !== serverId) continue;
      this.#open.delete(ours);
      return ours;
    }
    return undefined;
  }

  clear(): void {
    this.#open.clear();
  }
}
