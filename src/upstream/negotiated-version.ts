import { isObject } from '../wire/json.ts';
import type { Message } from '../wire/message.ts';

const VERSION = /^[\x21-\x7e]{1,64}$/;

/** The protocol version that an answer to `initialize` settles on, where it can stand in a header. */
export function negotiatedVersion(message: Message): string | undefined {
  if (message.kind !== 'response' || !isObject(message.result)) return undefined;
  const version = message.result['protocolVersion'];
  return typeof version === 'string' && VERSION.test(version) ? version : undefined;
}
