import { MODERN } from '../../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { RpcError } from '../../wire/message.ts';
import { CAPABILITIES_KEY, CLIENT_KEY, LOG_LEVEL_KEY, VERSION_KEY } from '../../wire/modern/envelope.ts';
import { INTERNAL_ERROR, INVALID_PARAMS } from '../../wire/read-message.ts';
import { REFUSED } from '../refusal.ts';

const RESOURCE_NOT_FOUND = -32002;
const URL_NEEDED = -32042;
/** Results that tell how long they may be kept. Source: 2026-07-28, "Caching". */
const KEPT: ReadonlySet<string> = new Set([
  ...['server/discover', 'tools/list', 'prompts/list', 'resources/list', 'resources/templates/list', 'resources/read'],
]);

/** Params of a modern request without what only that era knows. */
export function withoutEnvelope(given: JsonObject): JsonObject {
  const params = withKeys(given, NO_ROUND);
  const meta = params['_meta'];
  if (!isObject(meta)) return params;
  const rest = withKeys(meta, {
    [VERSION_KEY]: undefined,
    [CAPABILITIES_KEY]: undefined,
    [CLIENT_KEY]: undefined,
    [LOG_LEVEL_KEY]: undefined,
  });
  return withKeys(params, { _meta: Object.keys(rest).length === 0 ? undefined : rest });
}

/** What only a later round of a modern call has. No state was given to a client of the other era, so what it sends as one is made up. */
const NO_ROUND = { requestState: undefined, inputResponses: undefined } as const;

/** Who asks, for an envelope. */
export interface Asker {
  readonly clientInfo: Json | undefined;
  readonly logLevel: Json | undefined;
}

/** Params of a legacy request with what a modern one carries. The client is not asked anything, so it offers nothing, and answers nothing. */
export function withEnvelope(params: JsonObject, { clientInfo, logLevel }: Asker): JsonObject {
  const meta = isObject(params['_meta']) ? params['_meta'] : objectOf([]);
  const envelope = withKeys(meta, {
    [VERSION_KEY]: MODERN,
    [CAPABILITIES_KEY]: objectOf([]),
    [CLIENT_KEY]: clientInfo,
    [LOG_LEVEL_KEY]: logLevel,
  });
  return withKeys(params, { ...NO_ROUND, _meta: envelope });
}

/** A legacy server's result as modern clients read them. Always a complete one: that era knows no other, whatever stands there. */
export function modernResult(method: string | undefined, result: Json): Json {
  if (!isObject(result)) return result;
  const typed = withKeys(result, { resultType: 'complete' });
  return method !== undefined && KEPT.has(method) ? withKeys(typed, { ttlMs: 0, cacheScope: 'private' }) : typed;
}

/** A legacy server's error as modern clients read them. */
export function modernError(server: string, error: RpcError): RpcError {
  if (error.code === RESOURCE_NOT_FOUND) return { ...error, code: INVALID_PARAMS };
  if (error.code !== URL_NEEDED) return error;
  const message = `The server ${server} wants the user to open a page first, which it can ask of clients of older revisions only: use /mcp/${server} with such a client.`;
  return { code: REFUSED, message };
}

/** A modern server's result as legacy clients read them; an error for one that they cannot be given. */
export function legacyResult(server: string, result: Json): { readonly result: Json } | { readonly error: RpcError } {
  if (!isObject(result)) return { result };
  const type = result['resultType'];
  if (type === undefined || type === 'complete') {
    return { result: withKeys(result, { resultType: undefined, ttlMs: undefined, cacheScope: undefined }) };
  }
  if (type === 'input_required') {
    const message = `The server ${server} needs input from the user in the middle of this, which it can ask of clients of ${MODERN} only: use such a client, at /mcp or at /mcp/${server}.`;
    return { error: { code: REFUSED, message } };
  }
  const told = JSON.stringify(type).slice(0, 60);
  const message = `The server ${server} answered with a result of the type ${told}, which older revisions do not know. The call may have taken effect.`;
  return { error: { code: INTERNAL_ERROR, message } };
}
