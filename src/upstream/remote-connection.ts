import { clearTimeout, setTimeout } from 'node:timers';
import type { Dispatcher } from 'undici';
import type { Passage } from '../gateway/passage.ts';
import type { Permit } from '../gateway/permit.ts';
import type { Connection, ConnectionEvents } from '../gateway/ports.ts';
import { isObject, type JsonObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { RELAY } from '../wire/read-json.ts';
import { readMessage } from '../wire/read-message.ts';
import { writeJson } from '../wire/write-json.ts';
import { noiseLimit } from './chatter.ts';
import { follow } from './remote-follow.ts';
import { postNotice } from './remote-notice.ts';
import { RemoteRequest, type RequestHost } from './remote-request.ts';
import type { RemoteSession } from './remote-session.ts';
import { shown } from './shown.ts';

export interface RemotePlan {
  readonly maxBodyBytes: number;
  /** Masks what must not turn up in texts. */
  mask(text: string): string;
  onLog(line: string): void;
}

const MAX_HELD = 1000;
/**
 * How long messages wait for the answer to `initialized`. Over HTTP a later message can overtake an earlier one, so
 * the first moments keep the order; no longer, since permitted calls that are let go together would reach the server
 * closer to each other than their limits allow.
 */
const HOLD_MS = 250;
const GOODBYE_MS = 1000;
const VERSION = /^[\x21-\x7e]{1,64}$/;

/** One session with a remote server: each message a POST, and a GET stream for what the server says by itself. */
export class RemoteConnection implements Connection {
  readonly #plan: RemotePlan;
  readonly #events: ConnectionEvents;
  readonly #session: RemoteSession;
  readonly #host: RequestHost;
  readonly #onOver: () => void;
  readonly #tellNoise: (what: string) => void;
  readonly #requests = new Map<number, RemoteRequest>();
  /** Messages that wait until the ones before them were taken. */
  #held: JsonObject[] = [];
  #isHolding = true;
  #holdTimer: NodeJS.Timeout | undefined;
  #initializeId: number | undefined;
  #stopListening: () => void = () => {};
  /** Why nothing can be sent any more. */
  #gone: string | undefined;
  #closing: Promise<void> | undefined;
  #hasPool = false;

  /** `onOver` is called when nothing is left of it, whoever ended it. */
  constructor(plan: RemotePlan, events: ConnectionEvents, session: RemoteSession, onOver: () => void) {
    this.#plan = plan;
    this.#events = events;
    this.#session = session;
    this.#onOver = onOver;
    this.#tellNoise = noiseLimit((what) => events.noise(plan.mask(what)));
    this.#host = {
      session,
      maxBodyBytes: plan.maxBodyBytes,
      deliver: (text, via) => this.#deliver(text, via),
      failed: (id, how, reason) => this.#fail(id, how, reason),
      noise: (what) => this.#noise(what),
      done: (id) => this.#requests.delete(id),
      sessionEnded: () => this.#end('the server ended the session'),
    };
  }

  /** The way to the server is ready: what waited is sent. */
  use(pool: Dispatcher): void {
    if (this.#gone !== undefined) return;
    this.#session.use(pool);
    this.#hasPool = true;
    this.#release();
  }

  /** The connection is over, by no doing of the owner. */
  break(reason: string): void {
    this.#end(reason);
  }

  send(pass: Permit | Passage): void {
    const { message } = pass;
    const id = requestId(message);
    if (this.#gone !== undefined) {
      if (id !== undefined) this.#events.failed(id, 'unsent', this.#gone);
      return;
    }
    if (!this.#isHolding) return this.#post(message);
    if (this.#unhold(cancelledId(message))) return;
    if (this.#held.length < MAX_HELD) this.#held.push(message);
    else if (id !== undefined) this.#fail(id, 'unsent', `${MAX_HELD} messages wait for the server already`);
    else this.#noise('not sent: too many messages wait for the server');
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const sayGoodbye = this.#gone === undefined && this.#hasPool && this.#session.id !== undefined;
    this.#stop('the connection is closed');
    if (sayGoodbye) await this.#goodbye();
    this.#onOver();
  }

  #post(message: JsonObject): void {
    const id = requestId(message);
    const body = writeJson(message);
    if (id !== undefined) {
      if (message['method'] === 'initialize') this.#initializeId = id;
      const request = new RemoteRequest(this.#host, id, message['method'] === 'initialize');
      this.#requests.set(id, request);
      request.start(body);
      return;
    }
    this.#requests.get(cancelledId(message) ?? -1)?.cancelled();
    const isInitialized = message['method'] === 'notifications/initialized';
    if (isInitialized) this.#hold();
    postNotice(this.#session, body, (noted) => {
      if (this.#gone !== undefined) return;
      if (noted.kind === 'refused') {
        if (noted.isSessionOver) return this.#end('the server ended the session');
        this.#noise(`${nameOf(message)} was not taken: ${noted.reason}`);
      }
      if (!isInitialized) return;
      if (noted.kind === 'taken') this.#listen();
      this.#release();
    });
  }

  /** What follows `initialized` waits for it, but not long. */
  #hold(): void {
    this.#isHolding = true;
    this.#holdTimer = setTimeout(() => this.#release(), HOLD_MS);
  }

  #release(): void {
    clearTimeout(this.#holdTimer);
    this.#isHolding = false;
    while (!this.#isHolding && this.#gone === undefined) {
      const message = this.#held.shift();
      if (message === undefined) return;
      this.#post(message);
    }
  }

  /** A request that is cancelled while it waits is not sent at all, nor is its cancellation. */
  #unhold(id: number | undefined): boolean {
    const at = id === undefined ? -1 : this.#held.findIndex((message) => requestId(message) === id);
    if (id === undefined || at < 0) return false;
    this.#held.splice(at, 1);
    this.#fail(id, 'unsent', 'cancelled before it was sent');
    return true;
  }

  #listen(): void {
    const from = {
      lastEventId: undefined,
      retryMs: undefined,
      maxFailures: Number.POSITIVE_INFINITY,
      maxEventBytes: this.#plan.maxBodyBytes,
    };
    this.#stopListening();
    this.#stopListening = follow(this.#session, from, {
      text: (text) => {
        const wrong = this.#deliver(text, undefined);
        if (wrong !== undefined) this.#noise(`${shown(wrong, 300)}: ${shown(text)}`);
      },
      odd: (what) => this.#noise(what),
      over: (reason, status) => {
        // 405 is how a server says that it has no such stream.
        if (status !== 405) this.#plan.onLog(`no stream beside the requests: ${reason}`);
      },
    });
  }

  #deliver(text: string, via: number | undefined): string | undefined {
    if (this.#gone !== undefined) return undefined;
    const read = readMessage(text, RELAY);
    if (read.kind === 'fault') return read.reason;
    const { message } = read;
    if (message.kind === 'response' || message.kind === 'error') this.#answer(message, via);
    else this.#events.received(message, via);
    return undefined;
  }

  #answer(message: Extract<Message, { kind: 'response' | 'error' }>, via: number | undefined): void {
    const request = typeof message.id === 'number' ? this.#requests.get(message.id) : undefined;
    if (request === undefined || !request.isWaiting) {
      return this.#noise(`an answer to ${shown(JSON.stringify(message.id), 60)}, which nobody waits for`);
    }
    if (message.id === this.#initializeId && message.kind === 'response' && isObject(message.result)) {
      const version = message.result['protocolVersion'];
      if (typeof version === 'string' && VERSION.test(version)) this.#session.version = version;
    }
    request.answered();
    this.#events.received(message, via);
  }

  #fail(id: number, how: 'unsent' | 'lost', reason: string): void {
    if (this.#gone === undefined) this.#events.failed(id, how, this.#plan.mask(reason));
  }

  #noise(what: string): void {
    if (this.#gone === undefined) this.#tellNoise(what);
  }

  #end(reason: string): void {
    if (this.#gone !== undefined) return;
    const held = this.#held;
    this.#held = [];
    for (const message of held) {
      const id = requestId(message);
      if (id !== undefined) this.#fail(id, 'unsent', reason);
    }
    this.#stop(reason);
    this.#onOver();
    this.#events.closed(reason);
  }

  #stop(reason: string): void {
    this.#gone ??= reason;
    this.#held = [];
    clearTimeout(this.#holdTimer);
    this.#stopListening();
    for (const request of [...this.#requests.values()]) request.drop();
    this.#session.abortAll();
  }

  /** Tells the server that the session is over; it has a second to hear it. */
  #goodbye(): Promise<void> {
    return new Promise((resolve) => {
      const abort = this.#session.ask('DELETE', {}, undefined, {
        head: () => finish(),
        chunk: () => {},
        end: () => finish(),
        broke: () => finish(),
      });
      const timer = setTimeout(() => finish(), GOODBYE_MS);
      const finish = () => {
        clearTimeout(timer);
        abort();
        resolve();
      };
    });
  }
}

function requestId(message: JsonObject): number | undefined {
  const { id, method } = message;
  return typeof id === 'number' && method !== undefined ? id : undefined;
}

function cancelledId(message: JsonObject): number | undefined {
  if (message['method'] !== 'notifications/cancelled' || !isObject(message['params'])) return undefined;
  const { requestId } = message['params'];
  return typeof requestId === 'number' ? requestId : undefined;
}

function nameOf(message: JsonObject): string {
  return typeof message['method'] === 'string' ? message['method'] : 'an answer to the server';
}
