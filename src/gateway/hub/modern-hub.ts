import { MODERN, REVISIONS } from '../../wire/era.ts';
import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { clientMethod } from '../../wire/methods.ts';
import { envelopeFault, SERVER_KEY } from '../../wire/modern/envelope.ts';
import { ownName } from '../../wire/own-name.ts';
import { INVALID_PARAMS, METHOD_NOT_FOUND, type ReadMessage } from '../../wire/read-message.ts';
import { error, result } from '../../wire/replies.ts';
import type { Conversation } from '../conversation.ts';
import { methodNotFound, NO_WISH, tooManyListens } from '../door-texts.ts';
import { clientIn } from '../handshake.ts';
import { Held } from '../held.ts';
import { NOBODY } from '../nobody.ts';
import type { Front, Sink } from '../ports.ts';
import { REFUSED } from '../refusal.ts';
import { recordRefusal } from '../refuse-message.ts';
import { serverLog } from '../server-log.ts';
import { shortened } from '../shortened.ts';
import { askInTime } from './ask-member.ts';
import { type Ask, Asks, answerTo } from './asks.ts';
import type { HubWorld } from './behind.ts';
import { Directory } from './directory.ts';
import { listOf, loader, noteChanged } from './directory-load.ts';
import { ALL, type Hub, ownerIn, refuse } from './hub.ts';
import { HubFlow } from './hub-flow.ts';
import { HubListen } from './hub-listen.ts';
import { dressed } from './list-all.ts';
import { mergedCapabilities, mergedInstructions, type Offer } from './merge-offers.ts';
import { ModernMember } from './modern-member.ts';
import { serveRequest } from './serve-request.ts';

/** A server that takes longer to tell what it can do is left out for the time being. */
const DISCOVER_MS = 15_000;

/** All servers of a grant as one, for clients of the stateless era: all that the grant has under way there. */
export class ModernHub implements Hub, Conversation {
  readonly era = 'modern';
  readonly id: string;
  readonly grant: string;
  readonly gate: HubWorld['gate'];
  readonly front: Front = NOBODY;
  readonly phase = 'open';
  readonly revision = undefined;
  readonly asks: Asks;
  readonly directory: Directory;
  readonly flow: HubFlow = new HubFlow();
  readonly log: (line: string) => void;
  readonly #world: HubWorld;
  readonly #members = new Map<string, ModernMember>();
  readonly #listens = new Set<HubListen>();
  readonly #held: Held;

  constructor(world: HubWorld, grant: string) {
    const { gate } = world;
    this.#world = world;
    this.gate = gate;
    this.grant = grant;
    this.id = `grant ${grant}`;
    this.log = serverLog(gate);
    this.asks = new Asks(gate.crypto.id());
    this.directory = new Directory(gate.clock, loader(this));
    this.#held = new Held(() => gate.limits().heldBytes);
  }

  members(): readonly ModernMember[] {
    return this.#world.servers(this.grant).map((behind) => {
      const known = this.#members.get(behind.server) ?? new ModernMember(this.#world, this.grant, behind, this.flow);
      known.use(behind);
      this.#members.set(behind.server, known);
      return known;
    });
  }

  outward(member: { readonly server: string }, message: JsonObject): JsonObject {
    noteChanged(this.directory, member.server, message);
    return message;
  }

  sender(params: JsonObject): ReturnType<Hub['sender']> {
    return { grant: this.grant, owner: ownerIn(this), session: undefined, client: clientIn(params), server: ALL };
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

  touch(): void {}

  abandon(sink: Sink, reason: string): void {
    this.asks.abandon(sink, reason);
  }

  async receive(read: ReadMessage, sink: Sink): Promise<JsonObject | undefined> {
    if (read.kind === 'fault') {
      await recordRefusal(this.gate, this.sender(objectOf([])), undefined, read.reason);
      return error(read.id, { code: read.code, message: read.reason });
    }
    const { message } = read;
    if (message.kind === 'response' || message.kind === 'error') {
      const reason = 'an answer to a question that was not asked';
      await recordRefusal(this.gate, this.sender(objectOf([])), undefined, reason);
      return undefined;
    }
    const { method } = message;
    if (clientMethod('modern', message.kind, method) === undefined) {
      const reason = methodNotFound(method);
      await recordRefusal(this.gate, this.sender(message.params), method, reason);
      return message.kind === 'request' ? error(message.id, { code: METHOD_NOT_FOUND, message: reason }) : undefined;
    }
    // Over HTTP a request is cancelled by leaving its stream.
    if (message.kind === 'notification') return undefined;
    const fault = envelopeFault(message.params);
    if (fault !== undefined) {
      await refuse(this, message, fault.code, fault.message);
      return error(message.id, fault);
    }
    const ask = this.asks.begin(message.id, sink);
    try {
      const reply = await this.#serve(ask, message);
      return answerTo(ask, message.id, reply);
    } finally {
      this.asks.end(ask);
    }
  }

  #serve(ask: Ask, message: Request): Promise<JsonObject | undefined> {
    switch (message.method) {
      case 'server/discover':
        return this.#discover(ask, message);
      case 'subscriptions/listen':
        return this.#listen(ask, message);
      default:
        return serveRequest(this, ask, message);
    }
  }

  async #discover(ask: Ask, message: Request): Promise<JsonObject | undefined> {
    const members = this.members();
    const told = await Promise.all(
      members.map(async (member): Promise<Offer | undefined> => {
        const reply = await askInTime(this, ask, member, message, { ms: DISCOVER_MS, push: () => true });
        const answer = reply?.['result'];
        if (isObject(answer)) return member.met(answer);
        const fault = reply?.['error'];
        const why = isObject(fault) ? shortened(String(fault['message'])) : `no answer within ${DISCOVER_MS / 1000} s`;
        this.log(`server/discover at /mcp goes without the server ${member.server}: ${why}`);
        return undefined;
      }),
    );
    if (ask.cancelled !== undefined) return undefined;
    const offers = told.filter((offer) => offer !== undefined);
    return result(
      message.id,
      dressed(
        this,
        objectOf([
          ['supportedVersions', [MODERN, ...REVISIONS]],
          ['capabilities', mergedCapabilities(offers, offers.length < members.length ? 'some' : 'none')],
          ['instructions', mergedInstructions(offers)],
          ['_meta', objectOf([[SERVER_KEY, ownName(this.gate.version)]])],
        ]),
      ),
    );
  }

  async #listen(ask: Ask, message: Request): Promise<JsonObject | undefined> {
    const wish = message.params['notifications'];
    if (!isObject(wish)) return refuse(this, message, INVALID_PARAMS, NO_WISH);
    const max = this.gate.limits().listens;
    if (this.#listens.size >= max) {
      return refuse(this, message, REFUSED, tooManyListens(max, this.grant));
    }
    const listen = new HubListen(this, ask, message, wish);
    this.#listens.add(listen);
    try {
      return await listen.run(wish);
    } finally {
      this.#listens.delete(listen);
    }
  }

  /** Takes up what the configuration gives and takes. */
  adjust(): void {
    const granted = new Set(this.#world.servers(this.grant).map(({ server }) => server));
    for (const server of [...this.#members.keys()]) {
      if (granted.has(server)) continue;
      this.#members.delete(server);
      this.directory.forget(server, listOf('all'));
      for (const listen of this.#listens) listen.part(server);
    }
    if (this.#listens.size === 0) return;
    for (const member of this.members()) for (const listen of this.#listens) listen.join(member);
  }

  /** Nothing of it goes on; the sessions behind it are ended by who holds them all. */
  async end(reason: string): Promise<void> {
    this.asks.loseAll(reason);
  }
}
