import type { Dispatcher } from 'undici';
import type { Connection, ConnectionEvents } from '../gateway/ports.ts';
import type { Era } from '../wire/era.ts';
import type { Message } from '../wire/message.ts';
import { noiseLimit } from './chatter.ts';
import { ModernManner } from './modern-manner.ts';
import { MAX_WAITING, Outbox, type Outgoing } from './outbox.ts';
import { cancelledId, requestId } from './outgoing.ts';
import type { Manner, MannerHost, RemotePlan, Waiting } from './remote-manner.ts';
import type { RemoteSession } from './remote-session.ts';
import { shown } from './shown.ts';
import { StreamableManner } from './streamable-manner.ts';

/** One connection to a remote server: what waits, what is over; how messages travel is its manner's business. */
export class RemoteConnection implements Connection {
  readonly #plan: RemotePlan;
  readonly #events: ConnectionEvents;
  readonly #session: RemoteSession;
  readonly #onOver: () => void;
  readonly #tellNoise: (what: string) => void;
  readonly #requests = new Map<number, Waiting>();
  readonly #outbox: Outbox = new Outbox((pass) => this.#manner.post(pass));
  #manner: Manner;
  /** Why nothing can be sent any more. */
  #gone: string | undefined;
  #closing: Promise<void> | undefined;
  #hasPool = false;

  /** `onOver` is called when nothing is left of it, whoever ended it. */
  constructor(plan: RemotePlan, events: ConnectionEvents, session: RemoteSession, era: Era, onOver: () => void) {
    this.#plan = plan;
    this.#events = events;
    this.#session = session;
    this.#onOver = onOver;
    this.#tellNoise = noiseLimit((what) => events.noise(plan.mask(what)));
    const host = this.#host();
    this.#manner = era === 'modern' ? new ModernManner(host) : new StreamableManner(host);
  }

  /** The way to the server is ready: what waited is sent. */
  use(pool: Dispatcher): void {
    if (this.#gone !== undefined) return;
    this.#session.use(pool);
    this.#hasPool = true;
    this.#outbox.open();
  }

  /** The connection is over, by no doing of the owner. */
  break(reason: string): void {
    if (this.#gone !== undefined) return;
    for (const { message } of this.#outbox.empty()) {
      const id = requestId(message);
      if (id !== undefined) this.#fail(id, 'unsent', reason);
    }
    this.#stop(reason);
    this.#onOver();
    this.#events.closed(reason);
  }

  send(pass: Outgoing): void {
    const { message } = pass;
    const id = requestId(message);
    if (this.#gone !== undefined) {
      if (id !== undefined) this.#events.failed(id, 'unsent', this.#gone);
      return;
    }
    // A request that is cancelled while it waits is not sent at all, nor is its cancellation.
    const cancelled = cancelledId(message);
    if (cancelled !== undefined && this.#outbox.withdraw(cancelled)) {
      return this.#fail(cancelled, 'unsent', 'cancelled before it was sent');
    }
    if (this.#outbox.send(pass) === 'taken') return;
    if (id !== undefined) this.#fail(id, 'unsent', `${MAX_WAITING} messages wait for the server already`);
    else this.#noise('not sent: too many messages wait for the server');
  }

  pause(): void {
    this.#session.pause();
  }

  resume(): void {
    this.#session.resume();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const isGoodbyeDue = this.#gone === undefined && this.#hasPool;
    this.#stop('the connection is closed');
    if (isGoodbyeDue) await this.#manner.goodbye();
    this.#onOver();
  }

  #host(): MannerHost {
    return {
      plan: this.#plan,
      session: this.#session,
      outbox: this.#outbox,
      expect: (id, waiting) => this.#requests.set(id, waiting),
      waiting: (id) => this.#requests.get(id),
      done: (id) => this.#requests.delete(id),
      received: (message, via) => this.#received(message, via),
      failed: (id, how, reason) => this.#fail(id, how, reason),
      paused: (id, retryMs) => {
        if (this.#gone === undefined) this.#events.paused(id, retryMs);
      },
      noise: (what) => this.#noise(what),
      over: (reason) => this.break(reason),
      become: (manner) => {
        this.#manner = manner;
      },
    };
  }

  #received(message: Message, via: number | undefined): void {
    if (this.#gone !== undefined) return;
    if (message.kind === 'response' || message.kind === 'error') {
      const request = typeof message.id === 'number' ? this.#requests.get(message.id) : undefined;
      if (request === undefined || !request.isWaiting) {
        return this.#noise(`an answer to ${shown(JSON.stringify(message.id), 60)}, which nobody waits for`);
      }
      request.answered();
    }
    this.#events.received(message, via);
  }

  #fail(id: number, how: 'unsent' | 'lost', reason: string): void {
    if (this.#gone === undefined) this.#events.failed(id, how, this.#plan.mask(reason));
  }

  #noise(what: string): void {
    if (this.#gone === undefined) this.#tellNoise(what);
  }

  #stop(reason: string): void {
    this.#gone ??= reason;
    this.#outbox.empty();
    this.#manner.stop();
    for (const request of [...this.#requests.values()]) request.drop();
    this.#session.abortAll();
  }
}
