import type { Era } from '../wire/era.ts';
import type { Message } from '../wire/message.ts';
import { Backoff } from './backoff.ts';
import type { Exchanges } from './exchanges.ts';
import type { Flow } from './flow.ts';
import type { Clock, Connection, Upstream } from './ports.ts';

export interface LinkOptions {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly exchanges: Exchanges;
  readonly flow: Flow;
  era(): Era;
  received(message: Message, via: number | undefined): void;
  noise(what: string): void;
  /** The server is gone by itself: whether it is to be started again. */
  mayComeBack(): boolean;
  /** It is gone for good. */
  over(reason: string): void;
  /** A new connection is there: brings it to where the old one was; a text says why that failed. */
  comeBack(connection: Connection): Promise<string | undefined>;
}

/** A session's way to its server: one connection at a time, made when it is first needed, and again, with growing patience, after a crash. */
export class Link {
  readonly #options: LinkOptions;
  readonly #backoff = new Backoff();
  #connection: Connection | undefined;
  #startedAt = 0;
  #state: 'ready' | 'down' | 'closed' = 'ready';
  #cancelRestart: () => void = () => {};
  #closing: Promise<void> = Promise.resolve();

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The connection; made now if there is none. While the server is down, one that takes nothing: `Exchanges` sends nothing then. */
  get connection(): Connection {
    if (this.#state !== 'ready') return this.#connection ?? DEAD;
    return this.#connection ?? this.#connect();
  }

  /** The connection that is there; none is made for it. */
  get present(): Connection {
    return this.#connection ?? DEAD;
  }

  /** Ends the present connection; the next use makes another. For a server that turned out to speak the other era. */
  drop(): void {
    const old = this.#connection;
    this.#connection = undefined;
    this.#options.flow.use(undefined);
    if (old !== undefined) this.#closing = Promise.all([this.#closing, old.close()]).then(() => undefined);
  }

  /** Ends it for good. Resolves when nothing is left. */
  async close(): Promise<void> {
    this.#state = 'closed';
    this.#cancelRestart();
    await Promise.all([this.#closing, this.#connection?.close()]);
  }

  #connect(): Connection {
    const { upstream, clock, exchanges, flow } = this.#options;
    let mine: Connection | undefined;
    const isMine = (): boolean => mine === undefined || mine === this.#connection;
    this.#startedAt = clock.tick();
    mine = upstream.connect(
      {
        received: (message, via) => {
          if (isMine()) this.#options.received(message, via);
        },
        failed: (id, how, reason) => exchanges.failed(id, how, reason),
        paused: (via, retryMs) => exchanges.find(via)?.sink?.pause(retryMs),
        noise: (what) => this.#options.noise(what),
        closed: (reason) => {
          if (isMine()) this.#closed(reason);
        },
      },
      this.#options.era(),
    );
    this.#connection = mine;
    flow.use(mine);
    return mine;
  }

  #closed(reason: string): void {
    if (this.#state === 'closed') return;
    if (!this.#options.mayComeBack()) return this.#options.over(reason);
    const { clock, exchanges, flow } = this.#options;
    const delay = this.#backoff.delay(this.#startedAt, clock.tick());
    const soon = delay === 0 ? 'it is being started again' : `it is started again in ${Math.ceil(delay / 1000)} s`;
    exchanges.down(`${reason}; ${soon}`);
    this.#options.noise(`${reason}; ${soon}`);
    this.#connection = undefined;
    flow.use(undefined);
    this.#state = 'down';
    this.#cancelRestart = clock.after(delay, () => void this.#restart());
  }

  async #restart(): Promise<void> {
    if (this.#state !== 'down') return;
    const connection = this.#connect();
    const fault = await this.#options.comeBack(connection);
    if (this.#state !== 'down' || connection !== this.#connection) return;
    if (fault !== undefined) {
      await connection.close();
      return this.#closed(fault);
    }
    this.#state = 'ready';
    this.#options.exchanges.up();
  }
}

const DEAD: Connection = { send() {}, pause() {}, resume() {}, close: () => Promise.resolve() };
