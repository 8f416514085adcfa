import type { Subject } from '../policy/decision.ts';
import type { Era } from '../wire/era.ts';
import { type JsonObject, objectOf } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';
import { ownEnvelope } from '../wire/modern/envelope.ts';
import type { ReadMessage } from '../wire/read-message.ts';
import { ApprovalTasks } from './approvals/approval-tasks.ts';
import { OwnAsks } from './approvals/own-asks.ts';
import { comeBack } from './come-back.ts';
import type { Conversation } from './conversation.ts';
import { Exchanges } from './exchanges.ts';
import { Flow } from './flow.ts';
import type { Gate, Standing } from './gate.ts';
import { clientIn } from './handshake.ts';
import { hear } from './hear.ts';
import { Held } from './held.ts';
import { KnownTools } from './known-tools.ts';
import { Link } from './link.ts';
import { Listens } from './listens.ts';
import type { Found } from './meet.ts';
import type { PinBook } from './pins/pin-book.ts';
import type { Connection, Front, Sink, Upstream } from './ports.ts';
import { Questions } from './questions.ts';
import { receive } from './receive.ts';
import { eventBody, type Sender } from './record.ts';
import { Rounds } from './rounds.ts';
import { serverLog } from './server-log.ts';
import { sessionOfGrant } from './session-of-grant.ts';
import { Tasks } from './tasks.ts';

/** Who meets whom in a session, and for how long. */
export interface SessionOptions {
  readonly grant: string;
  readonly server: string;
  readonly upstream: Upstream;
  readonly front: Front;
  /** Which era the client speaks; `first message` tells it where there is but one way in (stdio). */
  readonly era: Era | 'first message';
  /** How long the server may take for an answer, ms. */
  readonly timeoutMs: number;
  /** How long the session may lie unused, ms. */
  readonly idleMs: number;
  /** Called once when the session is over. */
  onEnd(session: Session, reason: string): void;
}

/** What a client is told when `hold` finds no room. */
export const NO_ROOM = 'Messages of this session wait for answers and leave no room; send this one later.';

/** What a legacy session was opened with: enough to open it again at a server that was started again. */
export interface Handshake {
  /** The `initialize` params as the server got them. */
  readonly offer: JsonObject;
  readonly revision: string;
  /** Which capabilities the server told of. */
  readonly capabilities: JsonObject;
}

/**
 * A client's way to one server: a front, a connection behind, and what is in flight between them. In the legacy era it is a session that begins
 * with `initialize`; in the modern one it is all that a grant has under way on a server.
 */
export class Session implements Conversation {
  readonly gate: Gate;
  readonly id: string;
  readonly grant: string;
  readonly server: string;
  readonly front: Front;
  readonly idleMs: number;
  readonly exchanges: Exchanges;
  readonly tools: KnownTools;
  /** Which definitions of the server's tools were accepted. */
  readonly book: PinBook;
  /** For what the server causes: it cannot flood the operator. */
  readonly log: (line: string) => void;
  /** What the server asks of the client. */
  readonly questions: Questions;
  readonly transport: Upstream['transport'];
  /** What the server is, beside its name. */
  readonly identity: string | undefined;
  readonly flow: Flow = new Flow();
  readonly rounds: Rounds;
  readonly tasks: Tasks = new Tasks();
  /** Calls that a person approved of while their clients waited by the Tasks extension. */
  readonly approvalTasks: ApprovalTasks = new ApprovalTasks();
  /** What the gateway itself asks a client of the legacy era. */
  readonly ownAsks: OwnAsks;
  readonly listens: Listens = new Listens();
  /** The client of a legacy session; in the modern era each request names its own. */
  client: Subject['client'] = { name: undefined, version: undefined };
  /** The capabilities of a legacy session's client, as it declared them. */
  declared: JsonObject = objectOf([]);
  phase: 'new' | 'opening' | 'open' | 'ended' = 'new';
  handshake: Handshake | undefined;
  /** Whether the server speaks the modern era; undefined until somebody asked it. */
  isModern: boolean | undefined;
  /** The question whether it does, while it is under way. */
  probe: Promise<Found> | undefined;
  /** Whether the client itself asks what the server speaks, since there is but one way in. */
  readonly probesItself: boolean;
  #era: Era | undefined;
  #isInitialized = false;
  /** Clock ticks, ms. */
  lastUsed: number;
  /** As records name it: not where it follows from the grant. */
  readonly #recorded: string | undefined;
  readonly #held: Held;
  readonly #link: Link;
  readonly #options: SessionOptions;
  #ending: Promise<void> | undefined;

  constructor(gate: Gate, options: SessionOptions) {
    this.gate = gate;
    this.#era = options.era === 'first message' ? undefined : options.era;
    this.probesItself = options.era === 'first message';
    this.id = this.#era === 'modern' ? sessionOfGrant(options.grant) : gate.crypto.id();
    this.#recorded = this.#era === 'modern' ? undefined : this.id;
    if (this.#era === 'modern') this.phase = 'open';
    this.transport = options.upstream.transport;
    this.identity = options.upstream.identity;
    this.grant = options.grant;
    this.server = options.server;
    this.front = options.front;
    this.idleMs = options.idleMs;
    this.#options = options;
    this.log = serverLog(gate);
    this.exchanges = new Exchanges(gate.clock, options.timeoutMs);
    this.book = gate.pins(options.server);
    this.tools = new KnownTools(this.exchanges, gate.clock, (params) => this.own(params), this.book, gate.shared);
    this.questions = new Questions(gate.clock, gate.limits().questions);
    this.rounds = new Rounds(gate.crypto, gate.clock);
    this.ownAsks = new OwnAsks(`ask ${gate.crypto.id()}`);
    this.#held = new Held(() => gate.limits().heldBytes);
    this.lastUsed = gate.clock.tick();
    this.#link = new Link({
      upstream: options.upstream,
      clock: gate.clock,
      exchanges: this.exchanges,
      flow: this.flow,
      era: () => this.era,
      received: (message, via) => this.#hear(message, via),
      noise: (what) => this.log(`server ${this.server}: ${what}`),
      mayComeBack: () => this.phase === 'open' && this.transport === 'stdio',
      over: (reason) => void this.end(reason),
      comeBack: (connection) => comeBack(this, connection),
    });
  }

  get era(): Era {
    return this.#era ?? 'legacy';
  }

  /** Whether the client's first message is still to tell the era. */
  get isUndecided(): boolean {
    return this.#era === undefined;
  }

  decide(era: Era): void {
    this.#era = era;
    if (era === 'modern') this.phase = 'open';
  }

  /** The server did not know a modern client's first question: where that client may fall back, the next message decides anew. */
  foundLegacy(): void {
    if (!this.probesItself || this.isModern === true) return;
    this.#era = undefined;
    this.phase = 'new';
    // What is still under way would be taken for a message of the older era, where other rules hold for its answer.
    this.exchanges.forsake('the server speaks another revision than that of the request');
    // Over HTTP a connection of the other era is another; a process is the same for both.
    if (this.transport === 'http') this.#link.drop();
  }

  /** The revision that was negotiated; undefined before, and in the modern era. */
  get revision(): string | undefined {
    return this.handshake?.revision;
  }

  /** Params of a request that the gateway makes itself. */
  own(params: JsonObject): JsonObject {
    return this.era === 'modern' ? ownEnvelope(params, this.gate.version) : params;
  }

  /** The connection to the server; made at the first use. */
  get connection(): Connection {
    return this.#link.connection;
  }

  /** The client closed the stream on which it waited for an answer: in the modern era that cancels the request. */
  abandon(sink: Sink, reason: string): void {
    this.exchanges.abandon(this.#link.present, sink, reason);
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
    return this.senderUnder(this.gate.standing(this.grant, this.server), this.client);
  }

  /** Who sent a message: in the modern era it says so itself. */
  clientOf(params: JsonObject): Subject['client'] {
    return this.era === 'legacy' ? this.client : clientIn(params);
  }

  /** The same for who has looked the standing up already. */
  senderUnder(standing: Standing | undefined, client: Subject['client']): Sender {
    const owner = standing?.grant.owner;
    return { grant: this.grant, owner, session: this.#recorded, client, server: this.server };
  }

  receive(read: ReadMessage, sink: Sink): Promise<JsonObject | undefined> {
    return receive(this, read, sink);
  }

  hold(characters: number): boolean {
    return this.#held.hold(characters);
  }

  /** Gives back what was held. */
  release(characters: number): void {
    this.#held.release(characters);
  }

  /** True once. A connection may hold back what follows `initialized` for a moment: whoever sends it again and again could have calls pile up. */
  isFirstInitialized(): boolean {
    const isFirst = !this.#isInitialized;
    this.#isInitialized = true;
    return isFirst;
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
    const began = this.phase !== 'new' && this.era === 'legacy';
    const { sender } = this;
    this.phase = 'ended';
    this.exchanges.closed(reason);
    this.questions.clear();
    if (this.exchanges.size > 0) await this.exchanges.told();
    this.front.ended(reason);
    this.#options.onEnd(this, reason);
    if (began) await this.event('session ended', sender, { detail: reason }).catch(() => undefined);
    await this.#link.close();
  }

  /** Writes an event of the session's life. Rejects as the store does. */
  event(name: string, sender: Sender, more: JsonObject): Promise<void> {
    const { clock, crypto, store } = this.gate;
    const body = eventBody(name, sender, more);
    return store.append({ id: crypto.id(), kind: 'event', at: clock.now(), body }, undefined);
  }
}
