import type { Subject } from '../policy/decision.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { Exchanges } from './exchanges.ts';
import type { Gate, Standing } from './gate.ts';
import { hear } from './hear.ts';
import { KnownTools } from './known-tools.ts';
import { limitedLog } from './limited-log.ts';
import type { Connection, Front, Upstream } from './ports.ts';
import { Questions } from './questions.ts';
import { eventBody, type Sender } from './record.ts';

export interface SessionOptions {
  readonly grant: string;
  readonly server: string;
  readonly upstream: Upstream;
  readonly front: Front;
  /** How long the server may take for an answer, ms. */
  readonly timeoutMs: number;
  /** How long the session may lie unused, ms. */
  readonly idleMs: number;
  /** Called once when the session is over. */
  onEnd(session: Session, reason: string): void;
}

/** What a client is told when `hold` finds no room. */
export const NO_ROOM = 'Messages of this session wait for answers and leave no room; send this one later.';

/** Messages of one session that wait for answers, together; one alone may be as large as the front lets it be. */
const MAX_HELD_CHARACTERS = 32 * 1024 * 1024;
const SMALL = 65_536;
/** Lines that one session's server may cause in ten seconds. */
const MAX_LOG_LINES = 100;

/** One client's connection to one server: a front, a connection of its own behind, and what is in flight between them. */
export class Session {
  readonly gate: Gate;
  readonly id: string;
  readonly grant: string;
  readonly server: string;
  readonly front: Front;
  readonly idleMs: number;
  readonly exchanges: Exchanges;
  readonly tools: KnownTools;
  /** For what the server causes: it cannot flood the operator. */
  readonly log: (line: string) => void;
  /** What the server asks of the client. */
  readonly questions: Questions;
  client: Subject['client'] = { name: undefined, version: undefined };
  phase: 'new' | 'opening' | 'open' | 'ended' = 'new';
  /** Clock ticks, ms. */
  lastUsed: number;
  #held = 0;
  #connection: Connection | undefined;
  readonly #options: SessionOptions;
  #ending: Promise<void> | undefined;

  constructor(gate: Gate, options: SessionOptions) {
    this.gate = gate;
    this.id = gate.crypto.id();
    this.grant = options.grant;
    this.server = options.server;
    this.front = options.front;
    this.idleMs = options.idleMs;
    this.#options = options;
    this.log = limitedLog({ max: MAX_LOG_LINES, now: gate.clock.tick, told: leftOut }, gate.log);
    this.exchanges = new Exchanges(gate.clock, options.timeoutMs);
    this.tools = new KnownTools(this.exchanges, gate.clock);
    this.questions = new Questions(gate.clock);
    this.lastUsed = gate.clock.tick();
  }

  /** The connection to the server; made at the first use, which is the client's `initialize`. */
  get connection(): Connection {
    if (this.phase === 'ended') return this.#connection ?? DEAD;
    this.#connection ??= this.#options.upstream.connect({
      received: (message, via) => this.#hear(message, via),
      failed: (id, how, reason) => this.exchanges.failed(id, how, reason),
      noise: (what) => this.log(`server ${this.server}: ${what}`),
      closed: (reason) => void this.end(reason),
    });
    return this.#connection;
  }

  /** One message that nobody foresaw must not end the gateway. */
  #hear(message: Message, via: number | undefined): void {
    try {
      hear(this, message, via);
    } catch (fault) {
      this.log(`server ${this.server}: one of its messages failed: ${fault instanceof Error ? fault.stack : fault}`);
    }
  }

  get sender(): Sender {
    return this.senderUnder(this.gate.standing(this.grant, this.server));
  }

  /** The same for who has looked the standing up already. */
  senderUnder(standing: Standing | undefined): Sender {
    const owner = standing?.grant.owner;
    return { grant: this.grant, owner, session: this.id, client: this.client, server: this.server };
  }

  /**
   * Makes room for a message of so many characters until it is answered; false when those that wait leave none. There is always
   * room for a small one, such as a cancellation. What was held is given back by `release`.
   */
  hold(characters: number): boolean {
    if (characters > SMALL && this.#held > 0 && this.#held + characters > MAX_HELD_CHARACTERS) return false;
    this.#held += characters;
    return true;
  }

  release(characters: number): void {
    this.#held -= characters;
  }

  touch(): void {
    this.lastUsed = this.gate.clock.tick();
  }

  /** Whether nothing has moved for longer than the server's idle time, and nobody is attached. */
  isIdle(): boolean {
    if (this.exchanges.size > 0 || this.front.attached()) return false;
    return this.gate.clock.tick() - this.lastUsed > this.idleMs;
  }

  /** Ends everything that belongs to the session; whoever waits is told why. Idempotent, never rejects. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#end(reason).catch((fault: Error) => {
      this.gate.log(`a session on ${this.server} did not end cleanly: ${fault.message}`);
    });
    return this.#ending;
  }

  async #end(reason: string): Promise<void> {
    const began = this.phase !== 'new';
    const { sender } = this;
    this.phase = 'ended';
    this.exchanges.closed(reason);
    this.questions.clear();
    this.front.ended(reason);
    this.#options.onEnd(this, reason);
    if (began) await this.event('session ended', sender, { detail: reason }).catch(() => undefined);
    await this.#connection?.close();
  }

  /** Writes an event of the session's life. Rejects as the store does. */
  event(name: string, sender: Sender, more: JsonObject): Promise<void> {
    const { clock, crypto, store } = this.gate;
    const body = eventBody(name, sender, more);
    return store.append({ id: crypto.id(), kind: 'event', at: clock.now(), body }, undefined);
  }
}

function leftOut(lines: number): string {
  return `${lines} more lines like these were left out`;
}

/** For a session that ended before its server was needed: `Exchanges` sends nothing then, so nothing arrives here. */
const DEAD: Connection = { send() {}, close: () => Promise.resolve() };
