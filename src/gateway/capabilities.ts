import type { Policies } from '../policy/policy.ts';
import type { Era } from '../wire/era.ts';
import { isObject, type Json, type JsonObject, objectOf, withKeys } from '../wire/json.ts';
import { CAPABILITIES_KEY } from '../wire/modern/envelope.ts';
import { mayPass } from './may-pass.ts';

/** What the client may offer the server, and the server's request that the offer allows. */
export const ASKED_WITH: readonly (readonly [string, string])[] = [
  ['sampling', 'sampling/createMessage'],
  ['elicitation', 'elicitation/create'],
  ['roots', 'roots/list'],
];

/** What the server may offer the client; every other capability would open methods that nobody judges. */
const SERVER: { readonly [era in Era]: readonly string[] } = {
  legacy: ['tools', 'resources', 'prompts', 'logging', 'completions', 'tasks'],
  modern: ['tools', 'resources', 'prompts', 'logging', 'completions'],
};

/** Extensions whose methods are in the table and so are judged; any other would be a channel without rules. */
const EXTENSIONS: { readonly [era in Era]: readonly string[] } = {
  legacy: ['io.modelcontextprotocol/ui'],
  modern: ['io.modelcontextprotocol/ui', 'io.modelcontextprotocol/tasks'],
};

const WITH_CHANGES: ReadonlySet<string> = new Set(['tools', 'resources', 'prompts']);

/** What of the client's capabilities the server hears: those that the policies let it use, and extensions that are governed. */
export function offeredCapabilities(era: Era, given: Json | undefined, policies: Policies | undefined): JsonObject {
  if (policies === undefined) return objectOf([]);
  const told = isObject(given) ? given : objectOf([]);
  const allowed = ASKED_WITH.filter(([, method]) => mayPass(policies, 'request', method, 'unknown'));
  const kept = allowed.map(([capability]) => capability);
  return withExtensions(era, told, only(told, kept));
}

/** What of the server's capabilities the client hears. Lists change with the policies too, so that the gateway itself has such news. */
export function servedCapabilities(era: Era, given: Json | undefined): JsonObject {
  const told = isObject(given) ? given : objectOf([]);
  const kept = Object.entries(only(told, SERVER[era])).map(([name, value]): [string, Json] => [
    name,
    WITH_CHANGES.has(name) && isObject(value) ? withKeys(value, { listChanged: true }) : value,
  ]);
  return withExtensions(era, told, objectOf(kept));
}

/** A modern request's params with the client's capabilities as the server may know them. */
export function withOffered(params: JsonObject, policies: Policies | undefined): JsonObject {
  const meta = params['_meta'];
  if (!isObject(meta)) return params;
  const offered = offeredCapabilities('modern', meta[CAPABILITIES_KEY], policies);
  return withKeys(params, { _meta: withKeys(meta, { [CAPABILITIES_KEY]: offered }) });
}

function withExtensions(era: Era, told: JsonObject, kept: JsonObject): JsonObject {
  if (!isObject(told['extensions'])) return kept;
  return withKeys(kept, { extensions: only(told['extensions'], EXTENSIONS[era]) });
}

function only(object: JsonObject, names: readonly string[]): JsonObject {
  return objectOf(
    names.flatMap((name) => {
      const value = object[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}
