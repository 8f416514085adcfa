import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';

const MAX_DEPTH = 6;

/** Arguments that a plain schema of a tool is likely to accept: what it requires, as small as may be. */
export function sampleArguments(schema: Json | undefined): JsonObject {
  const sample = sampleOf(schema, 0);
  return isObject(sample) ? sample : objectOf([]);
}

function sampleOf(schema: Json | undefined, depth: number): Json {
  if (!isObject(schema) || depth > MAX_DEPTH) return 'x';
  if (schema['const'] !== undefined) return schema['const'];
  if (isArray(schema['enum'])) return schema['enum'][0] ?? null;
  const type = isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object':
      return objectOf(requiredOf(schema).map((key) => [key, sampleOf(memberOf(schema, key), depth + 1)] as const));
    case 'array':
      return typeof schema['minItems'] === 'number' && schema['minItems'] > 0
        ? [sampleOf(schema['items'], depth + 1)]
        : [];
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'null':
      return null;
    default:
      return 'x'.repeat(typeof schema['minLength'] === 'number' ? Math.min(Math.max(schema['minLength'], 1), 100) : 1);
  }
}

function requiredOf(schema: JsonObject): readonly string[] {
  const required = schema['required'];
  return isArray(required) ? required.filter((key) => typeof key === 'string') : [];
}

function memberOf(schema: JsonObject, key: string): Json | undefined {
  const properties = schema['properties'];
  return isObject(properties) ? properties[key] : undefined;
}
