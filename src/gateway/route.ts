import type { JsonObject } from '../wire/json.ts';
import type { Exchange } from './exchanges.ts';
import type { Session } from './session.ts';

/**
 * Sends a message to the client on the stream where it belongs: that of the request which caused it, if that is known or
 * there is but one; else the stream beside the requests; else the latest request's.
 */
export function route(
  session: Session,
  message: JsonObject,
  via: number | undefined,
  belongs: 'to a request' | 'beside',
): void {
  const { exchanges, front } = session;
  const cause: Exchange | undefined = via === undefined ? undefined : exchanges.find(via);
  if (cause?.sink?.push(message) === true) return;
  if (belongs === 'to a request' && exchanges.waiting('alone')?.sink?.push(message) === true) return;
  // A modern client hears of what it did not ask for on no stream.
  if (session.era === 'modern' && !front.attached()) return;
  if (!front.attached() && exchanges.waiting('latest')?.sink?.push(message) === true) return;
  front.push(message);
}
