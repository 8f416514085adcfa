import { isObject, type Json, type JsonObject, withKeys } from '../wire/json.ts';
import type { Message, MessageId, RpcError } from '../wire/message.ts';
import { notification, request } from '../wire/replies.ts';
import { type Passage, passage } from './passage.ts';
import type { Permit } from './permit.ts';
import type { Clock, Connection, Sink } from './ports.ts';

/** What came of a message that was handed to the connection. */
export type Outcome =
  | { readonly kind: 'answered'; readonly result: Json }
  | { readonly kind: 'failed'; readonly error: RpcError }
  | { readonly kind: 'unsent'; readonly reason: string }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'cancelled'; readonly reason: string };

/** One request in flight, under an id of our own. The client's ids never reach the server. */
export interface Exchange {
  readonly id: number;
  /** The client's id, kept apart by type: `1` is not `"1"`. Undefined for the gateway's own requests. */
  readonly clientId: MessageId | undefined;
  readonly sink: Sink | undefined;
  readonly progressToken: Json | undefined;
  cancelled: string | undefined;
  /** Why it is not sent any more, if it was not yet. */
  forsaken: string | undefined;
  timeoutMs: number;
  settle: ((outcome: Outcome) => void) | undefined;
  /** Called when it is cancelled, or the connection ends, before anything of it is sent. */
  wake: (() => void) | undefined;
  stopClock: () => void;
}

const GONE = 'the client was gone before anything was sent';

/** Steps of the event loop's own queue between an outcome and its answer on the client's stream; far more than there are. */
const TURNS_TO_TELL = 100;

export interface Asking {
  /** `down`: also while the server is being started again; for the handshake that does so. */
  readonly while?: 'up' | 'down';
  /** How long the answer may take, ms; infinite for what stays open by its nature. */
  readonly timeoutMs?: number;
}

/**
 * The requests in flight of one session. Every settled request is settled once; a second answer, an answer to an
 * unknown id and an answer after a cancel are dropped.
 */
export class Exchanges {
  readonly #open = new Map<number, Exchange>();
  /** Ways back that were closed before what belongs to them was begun. */
  readonly #abandoned = new WeakSet<Sink>();
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #next = 1;
  #over: string | undefined;
  #down: string | undefined;

  constructor(clock: Clock, timeoutMs: number) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
  }

  get size(): number {
    return this.#open.size;
  }

  /** Opens an exchange before anything is decided, so that a cancel finds it in every state. */
  begin(clientId: MessageId | undefined, params: JsonObject, sink: Sink | undefined): Exchange {
    const meta = params['_meta'];
    const token = isObject(meta) ? meta['progressToken'] : undefined;
    const exchange: Exchange = {
      id: this.#next++,
      clientId,
      sink,
      progressToken: token,
      forsaken: undefined,
      cancelled: sink !== undefined && this.#abandoned.has(sink) ? GONE : undefined,
      timeoutMs: this.#timeoutMs,
      settle: undefined,
      wake: undefined,
      stopClock: nothing,
    };
    this.#open.set(exchange.id, exchange);
    return exchange;
  }

  end(exchange: Exchange): void {
    exchange.stopClock();
    this.#open.delete(exchange.id);
  }

  /** The params to send: with our own progress token (the exchange's id) in place of the client's. */
  outward(exchange: Exchange, params: JsonObject): JsonObject {
    const meta = params['_meta'];
    if (exchange.progressToken === undefined || !isObject(meta)) return params;
    return withKeys(params, { _meta: withKeys(meta, { progressToken: exchange.id }) });
  }

  /** Hands the message over and waits for what comes of it. Never rejects. The exchange is ended by the caller. */
  ask(connection: Connection, exchange: Exchange, pass: Permit | Passage, how: Asking = {}): Promise<Outcome> {
    const dead =
      exchange.cancelled ?? exchange.forsaken ?? this.#over ?? (how.while === 'down' ? undefined : this.#down);
    if (dead !== undefined) return Promise.resolve({ kind: 'unsent', reason: dead });
    return new Promise((resolve) => {
      exchange.settle = resolve;
      exchange.timeoutMs = this.#timeFor(how.timeoutMs);
      this.#watch(connection, exchange);
      connection.send(pass);
    });
  }

  /** Asks for the gateway itself: a whole exchange, which no client waits for. Never rejects. */
  async askOwn(connection: Connection, method: string, params: JsonObject, how: Asking = {}): Promise<Outcome> {
    const exchange = this.begin(undefined, params, undefined);
    const outcome = await this.ask(connection, exchange, passage(request(exchange.id, method, params)), how);
    this.end(exchange);
    return outcome;
  }

  /** What has an end is never waited for longer than the server's own time-out. */
  #timeFor(asked: number | undefined): number {
    if (asked === undefined) return this.#timeoutMs;
    return asked === Number.POSITIVE_INFINITY ? asked : Math.min(asked, this.#timeoutMs);
  }

  #watch(connection: Connection, exchange: Exchange): void {
    const { timeoutMs } = exchange;
    if (timeoutMs === Number.POSITIVE_INFINITY) return;
    exchange.stopClock = this.#clock.after(timeoutMs, () => {
      const reason = `no answer within ${timeoutMs / 1000} s`;
      connection.send(cancelNotice(exchange.id, reason));
      this.#settle(exchange, { kind: 'lost', reason: `the server gave ${reason}` });
    });
  }

  #settle(exchange: Exchange | undefined, outcome: Outcome): boolean {
    const settle = exchange?.settle;
    if (exchange === undefined || settle === undefined) return false;
    exchange.settle = undefined;
    exchange.stopClock();
    settle(outcome);
    return true;
  }

  /** Takes an answer of the server. False when nobody waits for it: foreign, second, or late. */
  answered(message: Extract<Message, { kind: 'response' | 'error' }>): boolean {
    if (typeof message.id !== 'number') return false;
    const outcome: Outcome =
      message.kind === 'response'
        ? { kind: 'answered', result: message.result }
        : { kind: 'failed', error: message.error };
    return this.#settle(this.#open.get(message.id), outcome);
  }

  failed(id: number, how: 'unsent' | 'lost', reason: string): void {
    this.#settle(this.#open.get(id), { kind: how, reason });
  }

  /** The connection is over: whoever was sent is lost, who was not yet will not be, and both are told why. */
  closed(reason: string): void {
    this.#over = reason;
    for (const exchange of [...this.#open.values()]) {
      this.#settle(exchange, { kind: 'lost', reason });
      exchange.wake?.();
    }
  }

  /** Resolves when those who were told that it is over have had the time to pass it on: nothing here waits for anything from outside. */
  async told(): Promise<void> {
    for (let turn = 0; turn < TURNS_TO_TELL; turn++) await Promise.resolve();
  }

  /** The server is gone for a while: what was sent is lost, and until `up` nothing is sent. */
  down(reason: string): void {
    this.#down = reason;
    for (const exchange of [...this.#open.values()]) this.#settle(exchange, { kind: 'lost', reason });
  }

  get isDown(): boolean {
    return this.#down !== undefined;
  }

  up(): void {
    this.#down = undefined;
  }

  /** What the two sides understood of each other is void: what was sent is lost, what was not yet is not sent. */
  forsake(reason: string): void {
    for (const exchange of [...this.#open.values()]) {
      exchange.forsaken = reason;
      this.#settle(exchange, { kind: 'lost', reason });
    }
  }

  /** The client closed the stream on which it waited. */
  abandon(connection: Connection, sink: Sink, reason: string): void {
    this.#abandoned.add(sink);
    for (const exchange of [...this.#open.values()]) {
      if (exchange.sink === sink) this.#cancelOne(connection, exchange, reason);
    }
  }

  /** Cancels the client's request. Forwarded under our id if it was sent; else it will not be sent at all. */
  cancel(connection: Connection, clientId: Json | undefined, reason: string): void {
    for (const exchange of [...this.#open.values()]) {
      if (exchange.clientId === undefined || exchange.clientId !== clientId) continue;
      this.#cancelOne(connection, exchange, reason);
    }
  }

  #cancelOne(connection: Connection, exchange: Exchange, reason: string): void {
    if (exchange.cancelled !== undefined) return;
    exchange.cancelled = `cancelled by the client: ${reason}`;
    if (exchange.settle !== undefined) connection.send(cancelNotice(exchange.id, reason));
    this.#settle(exchange, { kind: 'cancelled', reason });
    exchange.wake?.();
  }

  /** The exchange that a progress notification of the server belongs to, and its params with the client's own token. */
  progress(params: JsonObject): { readonly exchange: Exchange; readonly params: JsonObject } | undefined {
    const token = params['progressToken'];
    const exchange = typeof token === 'number' ? this.#open.get(token) : undefined;
    if (exchange?.settle === undefined || exchange.progressToken === undefined) return undefined;
    return { exchange, params: withKeys(params, { progressToken: exchange.progressToken }) };
  }

  /** Progress shows life: the time for an answer begins anew. */
  refresh(connection: Connection, exchange: Exchange): void {
    exchange.stopClock();
    this.#watch(connection, exchange);
  }

  find(id: number): Exchange | undefined {
    return this.#open.get(id);
  }

  /** The client's request that was sent last and waits still; the only one, if `alone` is asked for. */
  waiting(which: 'alone' | 'latest'): Exchange | undefined {
    let found: Exchange | undefined;
    for (const exchange of this.#open.values()) {
      if (exchange.settle === undefined || exchange.sink === undefined) continue;
      // A subscription waits for ever; nothing that a server says belongs to it alone.
      if (exchange.timeoutMs === Number.POSITIVE_INFINITY) continue;
      if (which === 'alone' && found !== undefined) return undefined;
      found = exchange;
    }
    return found;
  }
}

function cancelNotice(id: number, reason: string): Passage {
  return passage(notification('notifications/cancelled', { requestId: id, reason }));
}

function nothing(): void {}
