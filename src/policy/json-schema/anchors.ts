import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';

/** The names by which schemas within a document can be referred to. */
export interface Anchors {
  /** The address of the document, without a fragment; empty where it has none. */
  readonly id: string;
  readonly named: ReadonlyMap<string, JsonObject | 'twice'>;
  /** Whether a schema within it has an address of its own, from which references would be resolved. */
  readonly hasInnerId: boolean;
}

/** Values, in which nothing is a keyword. */
const VALUES: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples']);

export function findAnchors(root: JsonObject, idKey: '$id' | 'id'): Anchors {
  const named = new Map<string, JsonObject | 'twice'>();
  let hasInnerId = false;
  const waiting: Json[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (isArray(next)) for (const element of next) waiting.push(element);
    if (!isObject(next) || JSON.isRawJSON(next)) continue;
    for (const name of namesOf(next, idKey)) named.set(name, named.has(name) ? 'twice' : next);
    const id = next[idKey];
    if (next !== root && typeof id === 'string' && !id.startsWith('#')) hasInnerId = true;
    for (const key of Object.keys(next)) {
      const member = next[key];
      if (member !== undefined && !VALUES.has(key)) waiting.push(member);
    }
  }
  const id = root[idKey];
  return { id: typeof id === 'string' ? (id.split('#', 1)[0] ?? '') : '', named, hasInnerId };
}

function namesOf(schema: JsonObject, idKey: '$id' | 'id'): readonly string[] {
  const names: string[] = [];
  for (const key of ['$anchor', '$dynamicAnchor']) {
    const name = Object.hasOwn(schema, key) ? schema[key] : undefined;
    if (typeof name === 'string' && !names.includes(name)) names.push(name);
  }
  const id = Object.hasOwn(schema, idKey) ? schema[idKey] : undefined;
  if (typeof id === 'string' && id.startsWith('#') && id.length > 1) names.push(id.slice(1));
  return names;
}
