import { isObject, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { ACKNOWLEDGED, subscriptionIn, withSubscription } from '../wire/modern/subscription.ts';
import { notification } from '../wire/replies.ts';
import { ownPart } from './listen-alone.ts';
import type { Listen } from './listens.ts';
import type { Session } from './session.ts';

/** In the modern era news belong to a subscription, which the client knows under its own id. */
export function tellListener(session: Session, method: string, params: JsonObject, via: number | undefined): void {
  const listen = listenFor(session, params, via);
  if (listen === undefined)
    return session.log(`server ${session.server}: ${method} belongs to no subscription and was dropped`);
  const carried = method === ACKNOWLEDGED ? acknowledged(params, listen) : params;
  listen.exchange.sink?.push(notification(method, withSubscription(carried, listen.clientId)));
}

/** With the lists that the client asked for: the gateway has news of them by itself, whatever the server has. */
function acknowledged(params: JsonObject, { filter }: Listen): JsonObject {
  const { notifications } = params;
  const told = withKeys(isObject(notifications) ? notifications : objectOf([]), ownPart(filter));
  return withKeys(params, { notifications: told });
}

/** The subscription to which a server's notification belongs: by the stream on which it came, or by the id that it names. */
export function listenFor({ listens }: Session, params: JsonObject, via: number | undefined): Listen | undefined {
  return listens.find(via) ?? listens.find(subscriptionIn(params));
}
