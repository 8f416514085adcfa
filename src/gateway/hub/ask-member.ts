import { type JsonObject, objectOf } from '../../wire/json.ts';
import type { MessageId, Request } from '../../wire/message.ts';
import { INTERNAL_ERROR } from '../../wire/read-message.ts';
import { error } from '../../wire/replies.ts';
import { FAILED_INSIDE } from '../door-texts.ts';
import type { Sink } from '../ports.ts';
import { type Ask, giveUp } from './asks.ts';
import type { Hub, Member } from './hub.ts';
import { within } from './within.ts';

/** For what no client waits for. */
export const NOWHERE: Sink = {
  paramHeaders: undefined,
  push: () => false,
  open: () => false,
  isWaiting: () => false,
  pause() {},
};

/**
 * Sends one message to a server as its client would, so that all that holds on the server's own route holds here; gives the answer, under an id of ours.
 * Undefined for one that was called off. Never rejects.
 */
export async function askMember(
  hub: Hub,
  ask: Ask,
  member: Member,
  method: string,
  params: JsonObject,
  push: (message: JsonObject) => boolean = (message) => ask.sink.push(message),
): Promise<JsonObject | undefined> {
  if (ask.cancelled !== undefined) return undefined;
  const id = hub.asks.nextId();
  const session = member.reach();
  if (typeof session === 'string') return error(id, { code: INTERNAL_ERROR, message: unreached(member, session) });
  const sink: Sink = {
    paramHeaders: ask.sink.paramHeaders,
    push: (message) => push(hub.outward(member, message)),
    open: () => ask.sink.open(),
    isWaiting: () => ask.cancelled === undefined && ask.sink.isWaiting(),
    pause: (retryMs) => ask.sink.pause(retryMs),
  };
  const part = { session, sink };
  ask.parts.add(part);
  try {
    const reply = await session.receive({ kind: 'message', message: { kind: 'request', id, method, params } }, sink);
    return ask.cancelled === undefined ? reply : undefined;
  } catch (fault) {
    hub.log(
      `server ${member.server}: ${method} failed inside the gateway: ${fault instanceof Error ? fault.stack : fault}`,
    );
    return error(id, { code: INTERNAL_ERROR, message: FAILED_INSIDE });
  } finally {
    ask.parts.delete(part);
  }
}

/** How long a message to all servers waits for one of them. */
const EACH_MS = 10_000;

/** One server's part of a client's message to all of them. A server that takes too long is given up, so that it holds up nobody. */
export async function askInTime(
  hub: Hub,
  ask: Ask,
  member: Member,
  { method, params }: Request,
  { ms = EACH_MS, push }: { readonly ms?: number; readonly push?: (message: JsonObject) => boolean } = {},
): Promise<JsonObject | undefined> {
  const reply = await within(hub.gate.clock, ms, askMember(hub, ask, member, method, params, push));
  if (reply !== undefined || ask.cancelled !== undefined) return reply;
  const reason = `no answer within ${ms / 1000} s`;
  giveUp(ask, member.server, reason);
  return error('', { code: INTERNAL_ERROR, message: `The server ${member.server} gave ${reason}.` });
}

function unreached({ server }: Member, reason: string): string {
  return `The server ${server} was not reached, nothing was sent: ${reason}. The others go on; send this again later.`;
}

/** A reply under the client's own id. */
export function withId(reply: JsonObject, id: MessageId): JsonObject {
  return objectOf(Object.entries(reply).map(([key, value]) => [key, key === 'id' ? id : value]));
}
