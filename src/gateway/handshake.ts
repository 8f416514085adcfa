import type { Policies } from '../policy/policy.ts';
import { reachable } from '../policy/reachable.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { REVISIONS } from '../wire/methods.ts';
import { ownText } from '../wire/own-text.ts';

/** What the client may offer the server, and the server's request that the offer allows. */
const CLIENT_CAPABILITIES: readonly (readonly [string, string])[] = [
  ['sampling', 'sampling/createMessage'],
  ['elicitation', 'elicitation/create'],
  ['roots', 'roots/list'],
];
/** What the server may offer the client; every other capability would open methods that nobody judges. */
const SERVER_CAPABILITIES: readonly string[] = ['tools', 'resources', 'prompts', 'logging', 'completions'];

/** The client's `initialize` params as the server gets them: a revision that we carry, and only capabilities that pass. */
export function offerOf(params: JsonObject, policies: Policies): JsonObject {
  const asked = params['protocolVersion'];
  const revision = typeof asked === 'string' && REVISIONS.includes(asked) ? asked : (REVISIONS[0] ?? '');
  const allowed = CLIENT_CAPABILITIES.flatMap(([capability, method]) =>
    reachable(policies, 'request', method, 'unknown') === 'listed' ? [capability] : [],
  );
  return withKeys(params, {
    protocolVersion: revision,
    capabilities: only(params['capabilities'], allowed),
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
  const capabilities = only(result['capabilities'], SERVER_CAPABILITIES);
  return { kind: 'answer', answer: withKeys(result, { capabilities }), revision };
}

function only(capabilities: Json | undefined, names: readonly string[]): JsonObject {
  if (!isObject(capabilities)) return objectOf([]);
  return objectOf(
    names.flatMap((name) => {
      const value = capabilities[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
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
