import { isObject, type JsonObject } from '../wire/json.ts';

/** The id of a request of ours; undefined for what gets no answer. */
export function requestId(message: JsonObject): number | undefined {
  const { id, method } = message;
  return typeof id === 'number' && method !== undefined ? id : undefined;
}

/** The request that this message cancels, if it is a cancellation. */
export function cancelledId(message: JsonObject): number | undefined {
  if (message['method'] !== 'notifications/cancelled' || !isObject(message['params'])) return undefined;
  const { requestId } = message['params'];
  return typeof requestId === 'number' ? requestId : undefined;
}

/** What the log calls a message that gets no answer. */
export function nameOf(message: JsonObject): string {
  return typeof message['method'] === 'string' ? message['method'] : 'an answer to the server';
}
