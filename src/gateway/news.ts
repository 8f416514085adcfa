import { objectOf } from '../wire/json.ts';
import { SUBSCRIPTION_KEY } from '../wire/modern/envelope.ts';
import { notification } from '../wire/replies.ts';
import type { Session } from './session.ts';

/** Lists that a change of policies or pins can change. */
export type Listed = 'tools' | 'resources' | 'prompts';

/** Tells a client that its lists may have changed, by the gateway's own doing. */
export function tellListsChanged(session: Session, lists: readonly Listed[]): void {
  for (const list of lists) {
    if (session.era === 'modern') tellListeners(session, list);
    else tellSession(session, list);
  }
}

function tellSession({ phase, handshake, front }: Session, list: Listed): void {
  if (phase !== 'open' || handshake?.capabilities[list] === undefined) return;
  front.push(notification(`notifications/${list}/list_changed`, objectOf([])));
}

function tellListeners({ listens }: Session, list: Listed): void {
  for (const { exchange, clientId } of listens.wanting(`${list}ListChanged`)) {
    const meta = objectOf([[SUBSCRIPTION_KEY, clientId]]);
    exchange.sink?.push(notification(`notifications/${list}/list_changed`, objectOf([['_meta', meta]])));
  }
}
