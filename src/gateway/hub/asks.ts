import type { Json, JsonObject } from '../../wire/json.ts';
import type { MessageId } from '../../wire/message.ts';
import type { Sink } from '../ports.ts';
import { lostCall } from '../reply.ts';
import type { Session } from '../session.ts';

/** A message of a client on its way at one server. */
interface Part {
  readonly session: Session;
  /** The one by which the session knows it. */
  readonly sink: Sink;
}

/** One request of a client, with all that it became at the servers. */
export interface Ask {
  /** Undefined for what the gateway asks by itself. */
  readonly clientId: MessageId | undefined;
  readonly sink: Sink;
  readonly parts: Set<Part>;
  cancelled: string | undefined;
  /** Why the gateway gave it up; whoever asked hears so, since nobody cancelled it. */
  lost: string | undefined;
  /** Resolves when nobody waits for it any more. */
  readonly over: Promise<void>;
  settle(): void;
}

/** What waits at the servers for the clients of one hub, and how it is called off. */
export class Asks {
  readonly #open = new Set<Ask>();
  readonly #key: string;
  #made = 0;

  /** `key`: what nobody can guess, so that no client's own id is one of these. */
  constructor(key: string) {
    this.#key = key;
  }

  get size(): number {
    return this.#open.size;
  }

  begin(clientId: MessageId | undefined, sink: Sink): Ask {
    const { promise, resolve } = Promise.withResolvers<void>();
    const ask: Ask = {
      clientId,
      sink,
      parts: new Set(),
      cancelled: undefined,
      lost: undefined,
      over: promise,
      settle: resolve,
    };
    this.#open.add(ask);
    return ask;
  }

  end(ask: Ask): void {
    this.#open.delete(ask);
    ask.settle();
  }

  /** A fresh id for a message to a server's session. */
  nextId(): string {
    return `${this.#key}-${++this.#made}`;
  }

  /** Ids are compared by type too: `1` is not `"1"`. */
  cancel(clientId: Json | undefined, reason: string): void {
    for (const ask of [...this.#open])
      if (ask.clientId !== undefined && ask.clientId === clientId) callOff(ask, reason);
  }

  abandon(sink: Sink, reason: string): void {
    for (const ask of [...this.#open]) if (ask.sink === sink) callOff(ask, reason);
  }

  /** Gives all up: the hub ends. */
  loseAll(reason: string): void {
    for (const ask of [...this.#open]) {
      if (ask.cancelled === undefined) ask.lost = reason;
      callOff(ask, reason);
    }
  }
}

/** The answer to a request, as far as anybody waits for one. */
export function answerTo(ask: Ask, id: MessageId, reply: JsonObject | undefined): JsonObject | undefined {
  if (ask.cancelled === undefined) return reply;
  return ask.lost === undefined ? undefined : lostCall(id, ask.lost);
}

/** What waits at one server is given up; the rest of the request goes on. */
export function giveUp(ask: Ask, server: string, reason: string): void {
  for (const part of [...ask.parts]) if (part.session.server === server) part.session.abandon(part.sink, reason);
}

function callOff(ask: Ask, reason: string): void {
  if (ask.cancelled !== undefined) return;
  ask.cancelled = reason;
  for (const part of [...ask.parts]) part.session.abandon(part.sink, reason);
  ask.settle();
}
