import { isObject, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';

/** Keys of `_meta` that the protocol itself knows, beside those under its own prefix. */
const KNOWN: ReadonlySet<string> = new Set(['progressToken', 'traceparent', 'tracestate', 'baggage']);
const PREFIX = 'io.modelcontextprotocol/';

/**
 * A call's params with only the protocol's own keys in `_meta`. Clients write there what they like, other things with every message, and no person
 * sees it: of a call that a person approved it is not sent.
 */
export function withProtocolMeta(params: JsonObject): JsonObject {
  const { _meta } = params;
  if (!isObject(_meta)) return params;
  const kept = Object.entries(_meta).filter(([key]) => KNOWN.has(key) || key.startsWith(PREFIX));
  return withKeys(params, { _meta: objectOf(kept) });
}
