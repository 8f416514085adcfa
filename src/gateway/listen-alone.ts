import { type JsonObject, objectOf } from '../wire/json.ts';
import { ACKNOWLEDGED, LIST_KEYS, withSubscription } from '../wire/modern/subscription.ts';
import { METHOD_NOT_FOUND } from '../wire/read-message.ts';
import { notification } from '../wire/replies.ts';
import type { Outcome } from './exchanges.ts';
import type { Listen } from './listens.ts';
import type { Passage } from './passage.ts';
import type { Connection } from './ports.ts';
import type { Session } from './session.ts';

/** Nothing goes to the server any more. */
const MUTE: Connection = { send() {}, pause() {}, resume() {}, close: () => Promise.resolve() };

/**
 * A subscription at a server that knows none: the gateway offered news of lists to every client, so it keeps the stream open for its own. Without a
 * list among what is wanted, the server's answer stands.
 */
export async function listenAlone(
  { exchanges }: Session,
  { exchange, clientId, filter }: Listen,
  pass: Passage,
  answered: Outcome,
): Promise<Outcome> {
  const own = ownPart(filter);
  const isUnknown = answered.kind === 'failed' && answered.error.code === METHOD_NOT_FOUND;
  if (!isUnknown || Object.keys(own).length === 0) return answered;
  const told = withSubscription(objectOf([['notifications', own]]), clientId);
  exchange.sink?.push(notification(ACKNOWLEDGED, told));
  return exchanges.ask(MUTE, exchange, pass, { timeoutMs: Number.POSITIVE_INFINITY });
}

/** What of a filter the gateway can serve by itself: policies, grants and pins change what stands in lists. */
export function ownPart(filter: JsonObject): JsonObject {
  return objectOf(LIST_KEYS.flatMap((key) => (filter[key] === true ? [[key, true] as const] : [])));
}
