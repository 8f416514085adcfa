import { MODERN, REVISIONS } from '../era.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../json.ts';
import type { RpcError } from '../message.ts';
import { ownName } from '../own-name.ts';
import { INVALID_PARAMS } from '../read-message.ts';

export const VERSION_KEY = 'io.modelcontextprotocol/protocolVersion';
export const CAPABILITIES_KEY = 'io.modelcontextprotocol/clientCapabilities';
export const CLIENT_KEY = 'io.modelcontextprotocol/clientInfo';
export const LOG_LEVEL_KEY = 'io.modelcontextprotocol/logLevel';
export const SUBSCRIPTION_KEY = 'io.modelcontextprotocol/subscriptionId';
/** In results: who answers. */
export const SERVER_KEY = 'io.modelcontextprotocol/serverInfo';

export const HEADER_MISMATCH = -32020;
export const MISSING_CAPABILITY = -32021;
export const UNSUPPORTED_VERSION = -32022;

/** The revision that a message's own `_meta` claims; undefined when it has none, which is how the legacy era looks. */
export function claimedVersion(params: JsonObject): Json | undefined {
  const meta = params['_meta'];
  return isObject(meta) ? meta[VERSION_KEY] : undefined;
}

/** What a modern request lacks, as the error for it. Source: 2026-07-28, "Request metadata". */
export function envelopeFault(params: JsonObject): RpcError | undefined {
  const meta = params['_meta'];
  const version = isObject(meta) ? meta[VERSION_KEY] : undefined;
  if (!isObject(meta) || version === undefined) return missing(VERSION_KEY);
  if (version !== MODERN) return unsupportedVersion(version);
  const capabilities = meta[CAPABILITIES_KEY];
  if (capabilities === undefined) return missing(CAPABILITIES_KEY);
  if (!isObject(capabilities))
    return { code: INVALID_PARAMS, message: `params._meta["${CAPABILITIES_KEY}"] must be an object` };
  return undefined;
}

function missing(key: string): RpcError {
  return { code: INVALID_PARAMS, message: `params._meta["${key}"] is missing; every request of ${MODERN} carries it` };
}

/** The error for a revision that is not spoken here; a client takes one of the supported ones. */
export function unsupportedVersion(
  requested: Json | undefined,
  supported: readonly string[] = [MODERN, ...REVISIONS],
): RpcError {
  const told = typeof requested === 'string' ? requested.slice(0, 40) : 'unknown';
  return {
    code: UNSUPPORTED_VERSION,
    message: `Unsupported protocol version: ${told}. Supported: ${supported.join(', ')}.`,
    data: objectOf([
      ['supported', supported],
      ['requested', told],
    ]),
  };
}

/** Params of a request that the gateway makes itself, which can do nothing and so is asked nothing. `version`: the gateway's own. */
export function ownEnvelope(params: JsonObject, version: string): JsonObject {
  const meta = objectOf([
    [VERSION_KEY, MODERN],
    [CAPABILITIES_KEY, objectOf([])],
    [CLIENT_KEY, ownName(version)],
  ]);
  return withKeys(params, { _meta: meta });
}
