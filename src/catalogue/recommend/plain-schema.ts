import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';

const MOST_HOPS = 8;
const NOTHING: JsonObject = objectOf([]);

/** The schema behind references within the document, and the first of alternatives that is not null alone; empty where there is none. */
export function plainSchema(root: Json, from: Json): JsonObject {
  let schema = from;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    if (!isObject(schema)) return NOTHING;
    const { $ref: reference } = schema;
    const choice = schema['anyOf'] ?? schema['oneOf'];
    if (typeof reference === 'string') schema = pointedAt(root, reference);
    else if (isArray(choice) && schema['type'] === undefined) {
      schema = choice.find((one) => !(isObject(one) && one['type'] === 'null')) ?? null;
    } else return schema;
  }
  return NOTHING;
}

/** What a reference within the document points at: `#/$defs/Name`. */
function pointedAt(root: Json, reference: string): Json {
  if (!reference.startsWith('#/')) return null;
  let value: Json = root;
  for (const step of reference.slice(2).split('/')) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(value) || !Object.hasOwn(value, key)) return null;
    value = value[key] ?? null;
  }
  return value;
}
