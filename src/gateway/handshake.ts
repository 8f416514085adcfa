import type { Policies } from '../policy/policy.ts';
import { REVISIONS } from '../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { CLIENT_KEY } from '../wire/modern/envelope.ts';
import { ownText } from '../wire/own-text.ts';
import { writeJson } from '../wire/write-json.ts';
import { offeredCapabilities, servedCapabilities } from './capabilities.ts';

/** Characters of an offer; it is kept as long as its session, so that a server that is started again can be told it again. */
const MAX_OFFER = 65_536;

/** Why an offer is not taken at all. */
export function offerFault(params: JsonObject): string | undefined {
  if (writeJson(params).length <= MAX_OFFER) return undefined;
  return `The params of initialize are larger than ${MAX_OFFER} characters; offer less.`;
}

/** The revision for a client that asks for this one: the same where it is carried, else the latest. */
export function revisionFor(asked: Json | undefined): string {
  return typeof asked === 'string' && REVISIONS.includes(asked) ? asked : (REVISIONS[0] ?? '');
}

/** The client's `initialize` params as the server gets them: a revision that we carry, and only capabilities that pass. */
export function offerOf(params: JsonObject, policies: Policies): JsonObject {
  return withKeys(params, {
    protocolVersion: revisionFor(params['protocolVersion']),
    capabilities: offeredCapabilities('legacy', params['capabilities'], policies),
  });
}

/** The server's answer as the client gets it, or why the session cannot be. */
export function answerOf(
  result: Json,
):
  | { readonly kind: 'answer'; readonly answer: JsonObject; readonly revision: string }
  | { readonly kind: 'fault'; readonly reason: string } {
  if (!isObject(result)) return { kind: 'fault', reason: 'the server answered initialize with no object' };
  const revision = result['protocolVersion'];
  if (typeof revision !== 'string' || !REVISIONS.includes(revision)) {
    const told = typeof revision === 'string' ? JSON.stringify(revision.slice(0, 40)) : 'none';
    return { kind: 'fault', reason: `the server speaks protocol revision ${told}; known are ${REVISIONS.join(', ')}` };
  }
  const capabilities = servedCapabilities('legacy', result['capabilities']);
  return { kind: 'answer', answer: withKeys(result, { capabilities }), revision };
}

/** The client that a modern request names. */
export function clientIn(params: JsonObject): ReturnType<typeof clientOf> {
  const meta = params['_meta'];
  return clientOf(isObject(meta) ? meta[CLIENT_KEY] : undefined);
}

/** Reads the client's name and version, as it tells them itself. */
export function clientOf(info: Json | undefined): { name: string | undefined; version: string | undefined } {
  const told = isObject(info) ? info : objectOf([]);
  const { name, version } = told;
  return {
    name: typeof name === 'string' ? ownText(name.slice(0, 200)) : undefined,
    version: typeof version === 'string' ? ownText(version.slice(0, 100)) : undefined,
  };
}
