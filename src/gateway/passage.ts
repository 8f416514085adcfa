import type { JsonObject } from '../wire/json.ts';

declare const harmless: unique symbol;

/**
 * Leave to forward a message that can cause no effect of its own: handshake, lists, ping, cancellation, progress, answers.
 * INVARIANT: made only inside the gateway, from the method table's `plain` and `list` methods or for the gateway's own messages.
 */
export interface Passage {
  readonly [harmless]: true;
  readonly message: JsonObject;
  /** Headers that repeat arguments (`mcp-param-…`, lower case), for a modern server over HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Marks a message as one that may be forwarded without being judged. */
export function passage(message: JsonObject): Passage {
  return { message } as Passage;
}
