import type { JsonObject } from '../wire/json.ts';

declare const permitted: unique symbol;

/**
 * Proof that a call was decided, reserved, approved if need be, and recorded.
 * INVARIANT: made only by `permit`, which only `handle.ts` imports (the architecture test holds this).
 */
export interface Permit {
  readonly [permitted]: true;
  /** The message with our own id, ready to be written. */
  readonly message: JsonObject;
  /** Headers that repeat arguments (`mcp-param-…`, lower case), for a modern server over HTTP. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Marks a call's message as decided and recorded; called after the commit only. */
export function permit(message: JsonObject, headers: Readonly<Record<string, string>> = {}): Permit {
  return { message, headers } as Permit;
}
