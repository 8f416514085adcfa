import { type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { clientMethod } from '../../wire/methods.ts';
import { claimedVersion } from '../../wire/modern/envelope.ts';
import { ownName } from '../../wire/own-name.ts';
import { INVALID_PARAMS, INVALID_REQUEST, METHOD_NOT_FOUND, type ReadMessage } from '../../wire/read-message.ts';
import { error, result } from '../../wire/replies.ts';
import type { Conversation } from '../conversation.ts';
import { cancelReason, ENDED, methodNotFound, NOT_ASKED, NOT_OPEN, OPEN_ALREADY, OTHER_ERA } from '../door-texts.ts';
import { clientOf, offerFault, revisionFor } from '../handshake.ts';
import { Held } from '../held.ts';
import { ALL_LISTS, listChanged } from '../news.ts';
import type { Front, Sink } from '../ports.ts';
import { recordRefusal } from '../refuse-message.ts';
import { serverLog } from '../server-log.ts';
import type { Session } from '../session.ts';
import { NOWHERE } from './ask-member.ts';
import { Asks, answerTo } from './asks.ts';
import type { HubWorld } from './behind.ts';
import { Directory } from './directory.ts';
import { loader, noteChanged } from './directory-load.ts';
import { ALL, type Hub, type Member, ownerIn, refuse } from './hub.ts';
import { HubFlow } from './hub-flow.ts';
import { HubQuestions } from './hub-questions.ts';
import type { LegacyMember } from './legacy-member.ts';
import { LegacyMembers, notify } from './legacy-members.ts';
import { mergedCapabilities, mergedInstructions } from './merge-offers.ts';
import { serveRequest } from './serve-request.ts';
import { Settled } from './settled.ts';
import { within } from './within.ts';

/** A server that takes longer to open its session is left out for the time being. */
const OPEN_MS = 15_000;

export interface LegacyHubOptions {
  readonly grant: string;
  readonly front: Front;
  onEnd(hub: LegacyHub): void;
}

/** A session of the initialize era with all servers of a grant: behind it stands one session on each. */
export class LegacyHub implements Hub, Conversation {
  readonly era = 'legacy';
  readonly id: string;
  readonly grant: string;
  readonly gate: HubWorld['gate'];
  readonly front: Front;
  readonly asks: Asks;
  readonly directory: Directory;
  readonly flow: HubFlow = new HubFlow();
  readonly log: (line: string) => void;
  readonly #world: HubWorld;
  readonly #options: LegacyHubOptions;
  readonly #members: LegacyMembers;
  readonly #questions = new HubQuestions();
  readonly #held: Held;
  /** What the client asked for that holds for servers too that come later. */
  readonly #settled = new Settled();
  phase: Conversation['phase'] = 'new';
  revision: string | undefined;
  #client = clientOf(undefined);
  #offer: JsonObject = objectOf([]);
  #isInitialized = false;
  #lastUsed: number;
  #ending: Promise<void> | undefined;

  constructor(world: HubWorld, options: LegacyHubOptions) {
    const { gate } = world;
    this.#world = world;
    this.#options = options;
    this.gate = gate;
    this.grant = options.grant;
    this.front = options.front;
    this.id = gate.crypto.id();
    this.log = serverLog(gate);
    this.asks = new Asks(gate.crypto.id());
    this.directory = new Directory(gate.clock, loader(this));
    this.#held = new Held(() => gate.limits().heldBytes);
    this.#lastUsed = gate.clock.tick();
    this.#members = new LegacyMembers({
      world,
      grant: this.grant,
      front: this.front,
      flow: this.flow,
      directory: this.directory,
      questions: this.#questions,
      phase: () => this.phase,
      offer: () => this.#offer,
      joined: (member, session) => this.#joined(member, session),
      changed: () => this.#tellChanged(),
    });
  }

  members(): readonly Member[] {
    return this.#members.all();
  }

  outward(member: Member, message: JsonObject): JsonObject {
    noteChanged(this.directory, member.server, message);
    const session = member.reach();
    return typeof session === 'string' ? message : this.#questions.outward(session, member.server, message);
  }

  sender(): ReturnType<Hub['sender']> {
    return { grant: this.grant, owner: ownerIn(this), session: this.id, client: this.#client, server: ALL };
  }

  logOnce(line: string): void {
    this.#world.logOnce(line);
  }

  hold(characters: number): boolean {
    return this.#held.hold(characters);
  }

  release(characters: number): void {
    this.#held.release(characters);
  }

  touch(): void {
    this.#lastUsed = this.gate.clock.tick();
  }

  /** To leave is not to cancel in this era. */
  abandon(): void {}

  async receive(read: ReadMessage, sink: Sink): Promise<JsonObject | undefined> {
    this.touch();
    if (read.kind === 'fault') {
      await recordRefusal(this.gate, this.sender(), undefined, read.reason);
      return error(read.id, { code: read.code, message: read.reason });
    }
    const { message } = read;
    switch (message.kind) {
      case 'response':
      case 'error':
        return this.#takeAnswer(message);
      case 'notification':
        return this.#takeNotification(message.method, message.params);
      case 'request':
        return this.#takeRequest(message, sink);
    }
  }

  async #takeAnswer(message: Extract<ReadMessage, { kind: 'message' }>['message']): Promise<undefined> {
    const asked = 'id' in message ? this.#questions.take(message.id) : undefined;
    if (asked === undefined) {
      await recordRefusal(this.gate, this.sender(), undefined, NOT_ASKED);
      return undefined;
    }
    await asked.session.receive({ kind: 'message', message: { ...message, id: asked.id } as typeof message }, NOWHERE);
    return undefined;
  }

  async #takeNotification(method: string, params: JsonObject): Promise<undefined> {
    if (clientMethod('legacy', 'notification', method) === undefined) {
      await recordRefusal(this.gate, this.sender(), method, methodNotFound(method));
      return undefined;
    }
    if (this.phase !== 'open') return undefined;
    if (method === 'notifications/cancelled') {
      this.asks.cancel(params['requestId'], cancelReason(params));
    } else if (method === 'notifications/progress') {
      const listener = this.#questions.listener(params['progressToken']);
      if (listener !== undefined)
        await notify(listener.session, method, withKeys(params, { progressToken: listener.token }));
    } else {
      if (method === 'notifications/initialized') this.#isInitialized = true;
      await this.#tellAll(method, params);
    }
    return undefined;
  }

  async #tellAll(method: string, params: JsonObject): Promise<void> {
    for (const member of this.#members.all()) {
      const session = member.reach();
      if (typeof session !== 'string') await notify(session, method, params);
    }
  }

  async #takeRequest(message: Request, sink: Sink): Promise<JsonObject | undefined> {
    const { method, params } = message;
    if (clientMethod('legacy', 'request', method) === undefined) {
      return refuse(this, message, METHOD_NOT_FOUND, methodNotFound(method));
    }
    if (claimedVersion(params) !== undefined) {
      return refuse(this, message, INVALID_REQUEST, OTHER_ERA);
    }
    if (this.phase === 'ended') {
      return refuse(this, message, INVALID_REQUEST, ENDED);
    }
    if (method === 'initialize') return this.#open(message);
    if (method === 'ping') return result(message.id, objectOf([]));
    if (this.phase !== 'open') {
      return refuse(this, message, INVALID_REQUEST, NOT_OPEN);
    }
    const ask = this.asks.begin(message.id, sink);
    try {
      const reply = await serveRequest(this, ask, message);
      this.#settled.note(method, params, reply, this.#ownerOf(params['uri']));
      return answerTo(ask, message.id, reply);
    } finally {
      this.asks.end(ask);
    }
  }

  #ownerOf(uri: Json | undefined): string | undefined {
    const servers = this.#members.all().map(({ server }) => server);
    return typeof uri === 'string' ? this.directory.ownersOf(uri, servers)[0] : undefined;
  }

  async #open(message: Request): Promise<JsonObject> {
    if (this.phase !== 'new') {
      return refuse(this, message, INVALID_REQUEST, OPEN_ALREADY);
    }
    const { params } = message;
    const unfit = offerFault(params);
    if (unfit !== undefined) {
      const answer = await refuse(this, message, INVALID_PARAMS, unfit);
      await this.end('its client offered too much');
      return answer;
    }
    this.phase = 'opening';
    this.#offer = params;
    this.#client = clientOf(params['clientInfo']);
    await within(this.gate.clock, OPEN_MS, this.#members.open());
    if (this.phase !== 'opening') {
      return refuse(this, message, INVALID_REQUEST, 'The session ended while it was being opened.');
    }
    this.phase = 'open';
    this.revision = revisionFor(params['protocolVersion']);
    const members = this.#members.all();
    const offers = members.flatMap(({ offer }) => offer ?? []);
    return result(
      message.id,
      objectOf([
        ['protocolVersion', this.revision],
        ['capabilities', mergedCapabilities(offers, offers.length < members.length ? 'some' : 'none')],
        ['serverInfo', ownName(this.gate.version)],
        ['instructions', mergedInstructions(offers)],
      ]),
    );
  }

  #tellChanged(): void {
    for (const list of ALL_LISTS) this.front.push(listChanged(list));
  }

  async #joined(member: LegacyMember, session: Session): Promise<void> {
    if (this.#isInitialized) await notify(session, 'notifications/initialized');
    await this.#settled.bring(member, session);
  }

  /** Takes up what the configuration gives and takes. */
  adjust(): void {
    if (this.phase === 'open') this.#members.adjust();
  }

  isIdle(): boolean {
    if (this.asks.size > 0 || this.front.attached()) return false;
    const idleMs = Math.max(0, ...this.#world.servers(this.grant).map((behind) => behind.idleMs));
    return this.gate.clock.tick() - this.#lastUsed > idleMs;
  }

  /** Ends it with all sessions behind it. Idempotent, never rejects. */
  end(reason: string): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  async #end(reason: string): Promise<void> {
    this.phase = 'ended';
    this.asks.loseAll(reason);
    this.front.ended(reason);
    this.#options.onEnd(this);
    await this.#members.end(reason);
  }
}
