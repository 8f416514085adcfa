import type { JsonObject } from '../wire/json.ts';
import type { MessageId } from '../wire/message.ts';
import type { Exchange } from './exchanges.ts';

/** One open `subscriptions/listen` of a client. */
export interface Listen {
  readonly exchange: Exchange;
  /** The client's id of the request, which its notifications carry. */
  readonly clientId: MessageId;
  /** What the server is asked to tell: the client's wish without what it may not hear. */
  readonly filter: JsonObject;
  /** Of the client's request, which name the client. */
  readonly params: JsonObject;
}

/** The subscriptions that are open on one session, by our ids for them. */
export class Listens {
  readonly #open = new Map<number, Listen>();

  get size(): number {
    return this.#open.size;
  }

  open(listen: Listen): void {
    this.#open.set(listen.exchange.id, listen);
  }

  close({ exchange }: Listen): void {
    this.#open.delete(exchange.id);
  }

  find(id: unknown): Listen | undefined {
    return typeof id === 'number' ? this.#open.get(id) : undefined;
  }

  /** Those that asked for a kind of news, such as `toolsListChanged`. */
  *wanting(key: string): Iterable<Listen> {
    for (const listen of this.#open.values()) if (listen.filter[key] === true) yield listen;
  }
}
