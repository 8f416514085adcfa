import { type Era, MODERN } from '../../wire/era.ts';
import { isArray, isObject, objectOf } from '../../wire/json.ts';
import type { Message } from '../../wire/message.ts';
import { ownEnvelope } from '../../wire/modern/envelope.ts';
import type { EraBook } from '../era-book.ts';
import type { Clock, Connection, ConnectionEvents, Upstream } from '../ports.ts';
import type { Bridge, Pass } from './bridge.ts';
import { LegacyOnModern } from './legacy-on-modern.ts';
import { ModernOnLegacy } from './modern-on-legacy.ts';
import { FIRST_ID, OwnAsks, type Reply } from './own-asks.ts';
import { TOO_MANY, Waiting } from './waiting.ts';

/** A server that takes longer to say whether it knows a method does not know it. */
const PROBE_MS = 5_000;

export interface FacingOptions {
  readonly server: string;
  readonly clock: Clock;
  readonly version: string;
  readonly book: EraBook;
}

/** The same server for sessions of either era: where it speaks only the other one, what passes is put into its words. */
export function facing(upstream: Upstream, options: FacingOptions): Upstream {
  return {
    transport: upstream.transport,
    ...(upstream.identity === undefined ? {} : { identity: upstream.identity }),
    connect: (events, era) => new FacingConnection(upstream, options, events, era),
    close: () => upstream.close(),
  };
}

/** A connection that finds out first which era the server speaks. */
class FacingConnection implements Connection {
  readonly #upstream: Upstream;
  readonly #options: FacingOptions;
  readonly #near: ConnectionEvents;
  readonly #era: Era;
  readonly #waiting = new Waiting();
  readonly #asks: OwnAsks;
  #far: Connection | undefined;
  #farEra: Era = 'legacy';
  /** Whoever hears the server now. */
  #ears: ConnectionEvents;
  /** Where messages go once it is known. */
  #target: Connection | undefined;
  #isAsking = false;
  #isClosed = false;
  #isPaused = false;
  #closing: Promise<void> = Promise.resolve();

  constructor(upstream: Upstream, options: FacingOptions, near: ConnectionEvents, era: Era) {
    this.#upstream = upstream;
    this.#options = options;
    this.#near = near;
    this.#era = era;
    this.#asks = new OwnAsks(options.clock, FIRST_ID.probe);
    this.#ears = this.#ownEars();
  }

  send(pass: Pass): void {
    if (this.#target !== undefined) return this.#target.send(pass);
    const { id, method, params } = pass.message;
    if (method === 'notifications/cancelled' && isObject(params) && typeof params['requestId'] === 'number') {
      if (this.#waiting.withdraw(params['requestId'])) return;
    }
    if (!this.#waiting.add(pass)) {
      if (typeof id === 'number') this.#near.failed(id, 'unsent', TOO_MANY);
      return;
    }
    if (!this.#isAsking) void this.#decide();
  }

  pause(): void {
    this.#isPaused = true;
    this.#far?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#far?.resume();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#asks.closed('the connection is closed');
    await Promise.all([this.#closing, this.#target?.close(), this.#far?.close()]);
  }

  async #decide(): Promise<void> {
    this.#isAsking = true;
    const other = await (this.#era === 'modern' ? this.#forModern() : this.#forLegacy());
    this.#isAsking = false;
    if (this.#isClosed || other === 'undecided') return;
    if (other === 'same') {
      this.#ears = this.#near;
      this.#use(this.#connect(this.#era));
      return;
    }
    const far = this.#connect(this.#era === 'modern' ? 'legacy' : 'modern');
    const bridge = this.#bridge(far);
    this.#ears = bridge.ears;
    this.#use(bridge);
  }

  #bridge(far: Connection): Bridge {
    const { server, clock, version } = this.#options;
    const undone = (): void => this.#again();
    const options = { server, clock, version, far, near: this.#near, undone };
    return this.#era === 'modern' ? new ModernOnLegacy(options) : new LegacyOnModern(options);
  }

  /** What the server speaks is found out anew with the next message. */
  #again(): void {
    this.#options.book.forget(this.#options.server);
    this.#target = undefined;
    this.#ears = this.#ownEars();
  }

  #use(target: Connection): void {
    this.#target = target;
    for (const pass of this.#waiting.take()) target.send(pass);
  }

  /** A modern session asks the server whether it knows the modern era. */
  async #forModern(): Promise<'same' | 'other' | 'undecided'> {
    const { book, server } = this.#options;
    const known = book.speaks(server, 'modern') ?? (await this.#probe());
    if (known !== 'unreached') return known ? 'same' : 'other';
    return 'undecided';
  }

  /** A legacy session opens as it always does; only a server that refuses that is asked what else it speaks. */
  async #forLegacy(): Promise<'same' | 'other' | 'undecided'> {
    const { book, server } = this.#options;
    if (book.speaks(server, 'legacy') === false && book.speaks(server, 'modern') === true) return 'other';
    const [first, ...rest] = this.#waiting.take();
    if (first === undefined) return 'undecided';
    const id = first.message['id'];
    if (first.message['method'] !== 'initialize' || typeof id !== 'number') {
      for (const pass of [first, ...rest]) this.#waiting.add(pass);
      return 'same';
    }
    for (const pass of rest) this.#waiting.add(pass);
    const far = this.#connect('legacy');
    const reply = await this.#replyTo(far, first, id);
    if (reply.kind === 'response') {
      this.#ears = this.#near;
      this.#target = far;
      this.#near.received(reply, undefined);
      this.#use(far);
      return 'undecided';
    }
    if (this.#isClosed) return 'undecided';
    if ((await this.#probe()) === true) {
      book.note(server, 'legacy', 'not spoken');
      const waiting = this.#waiting.take();
      for (const pass of [first, ...waiting]) this.#waiting.add(pass);
      return 'other';
    }
    if (reply.kind === 'error') this.#near.received(reply, undefined);
    else this.#near.failed(id, 'lost', reply.reason);
    return 'undecided';
  }

  /** What the server answers to the session's own `initialize`. */
  #replyTo(far: Connection, pass: Pass, id: number): Promise<Reply> {
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#ears = {
      ...this.#near,
      received: (message, via) => {
        if ((message.kind === 'response' || message.kind === 'error') && message.id === id) resolve(message);
        else this.#near.received(message, via);
      },
      failed: (failed, how, reason) => {
        if (failed === id) resolve({ kind: 'failed', reason });
        else this.#near.failed(failed, how, reason);
      },
      closed: (reason) => {
        // Over stdio the process is gone, and with it whom to ask.
        this.#isClosed = this.#upstream.transport === 'stdio';
        if (this.#isClosed) this.#near.closed(reason);
        this.#far = undefined;
        resolve({ kind: 'failed', reason });
      },
    };
    far.send(pass);
    return promise;
  }

  /** Whether the server knows the modern era. */
  async #probe(): Promise<boolean | 'unreached'> {
    const { book, server, version } = this.#options;
    this.#ears = this.#ownEars();
    const far = this.#connect('modern');
    const reply = await this.#asks.ask(far, 'server/discover', ownEnvelope(objectOf([]), version), PROBE_MS);
    const isModern = isModernAnswer(reply);
    if (!isModern && (this.#far === undefined || this.#isClosed)) return 'unreached';
    book.note(server, 'modern', isModern ? 'spoken' : 'not spoken');
    return isModern;
  }

  /** The connection in this era: over stdio one process speaks both. */
  #connect(era: Era): Connection {
    const { transport } = this.#upstream;
    if (this.#far !== undefined && (transport === 'stdio' || this.#farEra === era)) return this.#far;
    this.#retire(this.#far);
    let mine: Connection | undefined;
    const isMine = (): boolean => mine === undefined || mine === this.#far;
    const far = this.#upstream.connect(
      {
        received: (message: Message, via) => {
          if (isMine()) this.#ears.received(message, via);
        },
        failed: (id, how, reason) => {
          if (isMine()) this.#ears.failed(id, how, reason);
        },
        paused: (via, retryMs) => this.#ears.paused(via, retryMs),
        noise: (what) => this.#near.noise(what),
        closed: (reason) => {
          if (isMine()) this.#ears.closed(reason);
        },
      },
      era,
    );
    mine = far;
    this.#far = far;
    this.#farEra = era;
    if (this.#isPaused) far.pause();
    return far;
  }

  /** Ends a connection that is not needed any more; `close` waits for that. */
  #retire(old: Connection | undefined): void {
    if (old !== undefined) this.#closing = Promise.all([this.#closing, old.close()]).then(() => undefined);
  }

  /** While the server is asked what it speaks, nothing of it concerns the session. */
  #ownEars(): ConnectionEvents {
    return {
      received: (message) => {
        if (message.kind === 'response' || message.kind === 'error') this.#asks.answered(message);
      },
      failed: (id, how, reason) => {
        if (!this.#asks.isOwn(id)) return;
        if (how === 'unsent') this.#unreached(reason);
        this.#asks.failed(id, reason);
      },
      paused() {},
      noise: (what) => this.#near.noise(what),
      closed: (reason) => {
        this.#unreached(reason);
        this.#asks.closed(reason);
        this.#near.closed(reason);
      },
    };
  }

  /** Whoever waits is told; the next message tries anew. */
  #unreached(reason: string): void {
    const old = this.#far;
    this.#far = undefined;
    this.#retire(old);
    for (const id of this.#waiting.ids()) this.#near.failed(id, 'unsent', reason);
  }
}

function isModernAnswer(reply: Reply): boolean {
  if (reply.kind !== 'response' || !isObject(reply.result)) return false;
  const versions = reply.result['supportedVersions'];
  return isArray(versions) && versions.includes(MODERN);
}
