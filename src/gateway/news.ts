import { type JsonObject, objectOf } from '../wire/json.ts';
import { withSubscription } from '../wire/modern/subscription.ts';
import { notification } from '../wire/replies.ts';
import type { Session } from './session.ts';

/** Lists that a change of policies or pins can change. */
export type Listed = 'tools' | 'resources' | 'prompts';

export const ALL_LISTS: readonly Listed[] = ['tools', 'resources', 'prompts'];

/** Tells a client that its lists may have changed, by the gateway's own doing. */
export function tellListsChanged(session: Session, lists: readonly Listed[]): void {
  for (const list of lists) {
    if (session.era === 'modern') tellListeners(session, list);
    else tellSession(session, list);
  }
}

function tellSession({ phase, handshake, front }: Session, list: Listed): void {
  if (phase !== 'open' || handshake?.capabilities[list] === undefined) return;
  front.push(listChanged(list));
}

function tellListeners({ listens }: Session, list: Listed): void {
  for (const { exchange, clientId } of listens.wanting(`${list}ListChanged`)) {
    exchange.sink?.push(listChanged(list, withSubscription(objectOf([]), clientId)));
  }
}

/** The notification that a list has changed. */
export function listChanged(list: Listed, params: JsonObject = objectOf([])): JsonObject {
  return notification(`notifications/${list}/list_changed`, params);
}
