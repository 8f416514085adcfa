import type { JsonObject } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { request } from '../../wire/replies.ts';
import { type Passage, passage } from '../passage.ts';
import type { Permit } from '../permit.ts';
import type { Clock, Connection } from '../ports.ts';
import { redress } from '../redress.ts';

/** What came of a request that the bridge made itself. */
export type Reply =
  | Extract<Message, { kind: 'response' | 'error' }>
  | { readonly kind: 'failed'; readonly reason: string };

/** Where ids begin: far above those that sessions count up, and apart for who finds out the era and who bridges it. */
export const FIRST_ID: { readonly bridge: number; readonly probe: number } = { bridge: 2 ** 40, probe: 2 ** 41 };

/** The requests of a bridge itself, among those that it carries, under ids that no session has. */
export class OwnAsks {
  readonly #clock: Clock;
  readonly #open = new Map<number, (reply: Reply) => void>();
  readonly #first: number;
  #next: number;

  constructor(clock: Clock, first: number) {
    this.#clock = clock;
    this.#first = first;
    this.#next = first;
  }

  nextId(): number {
    return this.#next++;
  }

  isOwn(id: unknown): boolean {
    return typeof id === 'number' && id >= this.#first;
  }

  /** Sends a request and waits for its answer, no longer than `ms`. `leave`: that of the message which it is for, if there is one. */
  async ask(
    connection: Connection,
    method: string,
    params: JsonObject,
    ms: number,
    leave?: Permit | Passage,
  ): Promise<Reply> {
    const id = this.nextId();
    const message = request(id, method, params);
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#open.set(id, resolve);
    const cancel = this.#clock.after(ms, () => resolve({ kind: 'failed', reason: `no answer within ${ms / 1000} s` }));
    connection.send(leave === undefined ? passage(message) : redress(leave, message));
    const reply = await promise;
    cancel();
    this.#open.delete(id);
    return reply;
  }

  /** Takes the answer to one of these; false when it is none. */
  answered(message: Extract<Message, { kind: 'response' | 'error' }>): boolean {
    if (!this.isOwn(message.id)) return false;
    this.#open.get(message.id as number)?.(message);
    return true;
  }

  failed(id: number, reason: string): boolean {
    if (!this.isOwn(id)) return false;
    this.#open.get(id)?.({ kind: 'failed', reason });
    return true;
  }

  /** The connection is over. */
  closed(reason: string): void {
    for (const resolve of this.#open.values()) resolve({ kind: 'failed', reason });
  }
}
