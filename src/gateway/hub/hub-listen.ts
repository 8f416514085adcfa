import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { ACKNOWLEDGED, LIST_KEYS, LIST_OF, type ListKey, withSubscription } from '../../wire/modern/subscription.ts';
import { METHOD_NOT_FOUND } from '../../wire/read-message.ts';
import { notification, result } from '../../wire/replies.ts';
import { Backoff } from '../backoff.ts';
import { listChanged } from '../news.ts';
import { REFUSED } from '../refusal.ts';
import { askMember } from './ask-member.ts';
import type { Ask } from './asks.ts';
import type { Hub, Member } from './hub.ts';
import { ownerOf } from './pass-resource.ts';
import { taskOwners } from './pass-task.ts';
import { within } from './within.ts';

/** How long the client waits for its acknowledgement when a server is slow with its own. */
const ACK_MS = 5_000;
const MAX_WAITING = 1_000;

/** What one server is asked to tell. */
interface Wish {
  readonly uris: readonly Json[];
  readonly taskIds: readonly Json[];
}

/** `subscriptions/listen` at all servers of a grant: each is asked for its part, and one that ends its part ends nobody else's. */
export class HubListen {
  readonly #hub: Hub;
  readonly #ask: Ask;
  readonly #message: Request;
  readonly #lists: readonly ListKey[];
  readonly #honoured = { uris: new Set<Json>(), taskIds: new Set<Json>() };
  /** What came before the acknowledgement, which must be first. */
  #waiting: JsonObject[] | undefined = [];
  readonly #parts = new Map<string, Promise<void>>();
  /** Servers that were asked for their part, whatever became of it. */
  readonly #joined = new Map<string, Member>();

  constructor(hub: Hub, ask: Ask, message: Request, wish: JsonObject) {
    this.#hub = hub;
    this.#ask = ask;
    this.#message = message;
    this.#lists = LIST_KEYS.filter((key) => wish[key] === true);
  }

  /** Runs until the client or all servers end it. */
  async run(wish: JsonObject): Promise<JsonObject | undefined> {
    const members = this.#hub.members();
    const wishes = await wishesFor(this.#hub, wish);
    const acks = members.map((member) => this.#begin(member, wishes.get(member.server)));
    await Promise.race([this.#ask.over, within(this.#hub.gate.clock, ACK_MS, Promise.all(acks))]);
    this.#acknowledge(wish);
    // Parts of servers that were granted later are there too by then.
    while (this.#parts.size > 0 && this.#ask.cancelled === undefined) {
      await Promise.race([this.#ask.over, Promise.all(this.#parts.values())]);
    }
    if (this.#ask.cancelled !== undefined) return undefined;
    const { id } = this.#message;
    return result(id, withSubscription(objectOf([['resultType', 'complete']]), id));
  }

  /** The grant has another server now. */
  join(member: Member): void {
    if (this.#joined.get(member.server) === member) return;
    void this.#begin(member, undefined);
    this.#tellChanged();
  }

  /** The grant has the server no longer; a later `join` begins its part anew. */
  part(server: string): void {
    this.#joined.delete(server);
    this.#tellChanged();
  }

  /** News of the hub itself: what the lists hold may be other now. */
  #tellChanged(): void {
    for (const key of this.#lists) this.#tell(listChanged(LIST_OF[key]));
  }

  /** Begins a server's part; resolves when it has acknowledged, or will not. */
  #begin(member: Member, wish: Wish | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#joined.set(member.server, member);
    const part = this.#part(member, wish, resolve).finally(() => {
      resolve();
      if (this.#parts.get(member.server) === part) this.#parts.delete(member.server);
    });
    this.#parts.set(member.server, part);
    return promise;
  }

  async #part(member: Member, wish: Wish | undefined, acknowledged: () => void): Promise<void> {
    const filter = this.#filter(wish);
    if (Object.keys(filter).length === 0) return;
    const { gate, grant } = this.#hub;
    const params = withKeys(this.#message.params, { notifications: filter });
    const backoff = new Backoff();
    // A server that was taken and given again has another part.
    while (this.#ask.cancelled === undefined && this.#joined.get(member.server) === member) {
      const began = gate.clock.tick();
      const reply = await askMember(this.#hub, this.#ask, member, 'subscriptions/listen', params, (message) => {
        if (message['method'] !== ACKNOWLEDGED) return this.#tell(message);
        this.#note(message, wish);
        acknowledged();
        return true;
      });
      acknowledged();
      if (isFinal(reply) || gate.standing(grant, member.server) === undefined) return;
      await this.#pause(backoff.delay(began, gate.clock.tick()) + 1_000);
      // What happened in between nobody was told.
      if (this.#ask.cancelled === undefined) this.#tellChanged();
    }
  }

  async #pause(ms: number): Promise<void> {
    await within(this.#hub.gate.clock, ms, this.#ask.over);
  }

  #filter(wish: Wish | undefined): JsonObject {
    const kept: [string, Json][] = this.#lists.map((key) => [key, true]);
    if (wish !== undefined && wish.uris.length > 0) kept.push(['resourceSubscriptions', wish.uris]);
    if (wish !== undefined && wish.taskIds.length > 0) kept.push(['taskIds', wish.taskIds]);
    return objectOf(kept);
  }

  /** A server can honour what it was asked for, and nothing else: least of all what another one has. */
  #note({ params }: JsonObject, wish: Wish | undefined): void {
    const told = isObject(params) ? params['notifications'] : undefined;
    if (!isObject(told) || wish === undefined || this.#waiting === undefined) return;
    const { resourceSubscriptions: uris, taskIds } = told;
    for (const uri of honouredOf(wish.uris, setOf(uris))) this.#honoured.uris.add(uri);
    for (const id of honouredOf(wish.taskIds, setOf(taskIds))) this.#honoured.taskIds.add(id);
  }

  /** Changes of lists are always honoured, since the gateway itself has such news. */
  #acknowledge(wish: JsonObject): void {
    const { uris, taskIds } = this.#honoured;
    const kept: [string, Json][] = this.#lists.map((key) => [key, true]);
    if (wish['resourceSubscriptions'] !== undefined)
      kept.push(['resourceSubscriptions', honouredOf(wish['resourceSubscriptions'], uris)]);
    if (wish['taskIds'] !== undefined) kept.push(['taskIds', honouredOf(wish['taskIds'], taskIds)]);
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    this.#tell(notification(ACKNOWLEDGED, objectOf([['notifications', objectOf(kept)]])));
    for (const message of waiting) this.#tell(message);
  }

  /** Under the client's own id of the subscription. */
  #tell(message: JsonObject): boolean {
    if (this.#waiting !== undefined) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(message);
      return true;
    }
    const params = isObject(message['params']) ? message['params'] : objectOf([]);
    return this.#ask.sink.push(withKeys(message, { params: withSubscription(params, this.#message.id) }));
  }
}

function setOf(told: Json | undefined): ReadonlySet<Json> {
  return new Set(isArray(told) ? told : []);
}

/** What of a wish was honoured, in the order of the wish. */
function honouredOf(wished: Json | undefined, honoured: ReadonlySet<Json>): readonly Json[] {
  return isArray(wished) ? wished.filter((one) => honoured.has(one)) : [];
}

/** Which server is to be asked for which of the resources and tasks; what is nobody's is left out. */
async function wishesFor(hub: Hub, { resourceSubscriptions, taskIds }: JsonObject): Promise<ReadonlyMap<string, Wish>> {
  const wishes = new Map<string, { uris: Json[]; taskIds: Json[] }>();
  const of = (server: string): { uris: Json[]; taskIds: Json[] } => {
    const wish = wishes.get(server) ?? { uris: [], taskIds: [] };
    wishes.set(server, wish);
    return wish;
  };
  for (const uri of isArray(resourceSubscriptions) ? resourceSubscriptions.slice(0, 1_000) : []) {
    const owner = typeof uri === 'string' ? await ownerOf(hub, uri) : undefined;
    if (owner?.kind === 'owner') of(owner.member.server).uris.push(uri);
  }
  for (const id of isArray(taskIds) ? taskIds.slice(0, 1_000) : []) {
    const [owner, second] = taskOwners(hub, id);
    if (owner !== undefined && second === undefined) of(owner.server).taskIds.push(id);
  }
  return wishes;
}

/** Whether a server's answer means that it will not tell anything, also later. */
function isFinal(reply: JsonObject | undefined): boolean {
  const fault = reply?.['error'];
  return isObject(fault) && (fault['code'] === METHOD_NOT_FOUND || fault['code'] === REFUSED);
}
