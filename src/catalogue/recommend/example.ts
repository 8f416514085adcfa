import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { textLike } from './pattern-example.ts';
import { plainSchema } from './plain-schema.ts';

const DEEPEST = 8;
const MOST_LETTERS = 2_000;

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '3f0c1a52-7d1e-4b7a-9c55-0a6f6d1e2b11',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  'uri-reference': 'https://example.com/',
  email: 'ann@example.com',
  'date-time': '2026-04-01T12:00:00Z',
  date: '2026-04-01',
  time: '12:00:00Z',
  duration: 'PT1H',
  ipv4: '203.0.113.7',
  ipv6: '2001:db8::1',
  hostname: 'example.com',
  json: '{}',
};

/** Arguments with all that a tool asks for, and nothing more; most likely they satisfy its schema. Whoever uses them tries them. */
export function exampleArguments(inputSchema: Json | undefined): JsonObject {
  const made = inputSchema === undefined ? undefined : example(inputSchema, inputSchema, 0);
  return isObject(made) ? made : objectOf([]);
}

/** A value of a schema within a document; undefined where none comes to mind. */
export function example(root: Json, from: Json, depth: number): Json | undefined {
  if (depth > DEEPEST) return undefined;
  if (from === true) return 'text';
  const alternatives = isObject(from) ? (from['anyOf'] ?? from['oneOf']) : undefined;
  if (isObject(from) && isArray(alternatives) && from['type'] === undefined && from['properties'] === undefined) {
    return ofAlternatives(root, alternatives, depth);
  }
  const schema = withAll(root, plainSchema(root, from));
  if (schema['const'] !== undefined) return schema['const'];
  const listed = schema['enum'];
  if (isArray(listed)) return listed.find((one) => one !== null) ?? listed[0];
  switch (typeIn(schema)) {
    case 'string':
      return exampleText(schema);
    case 'number':
    case 'integer':
      return exampleNumber(schema);
    case 'boolean':
      return true;
    case 'null':
      return null;
    case 'array':
      return exampleList(root, schema, depth);
    case 'object':
      return exampleObject(root, schema, depth);
    default:
      return 'text';
  }
}

function ofAlternatives(root: Json, alternatives: readonly Json[], depth: number): Json | undefined {
  const real = alternatives.filter((one) => !(isObject(one) && one['type'] === 'null'));
  for (const one of real) {
    const made = example(root, one, depth + 1);
    if (made !== undefined) return made;
  }
  return undefined;
}

/** What several schemas ask for together, one after the other. */
function withAll(root: Json, schema: JsonObject): JsonObject {
  const all = schema['allOf'];
  if (!isArray(all)) return schema;
  const parts = all.map((one) => plainSchema(root, one));
  const properties = [schema, ...parts].flatMap((one) =>
    isObject(one['properties']) ? Object.entries(one['properties']) : [],
  );
  const required = [schema, ...parts].flatMap((one) => (isArray(one['required']) ? one['required'] : []));
  const merged = [...parts, schema].flatMap((one) => Object.entries(one));
  return objectOf([...merged, ['properties', objectOf(properties)], ['required', required]]);
}

function typeIn(schema: JsonObject): Json | undefined {
  const { type } = schema;
  const word = isArray(type) ? (type.find((one) => one !== 'null') ?? type[0]) : type;
  if (word !== undefined) return word;
  if (schema['properties'] !== undefined) return 'object';
  if (schema['items'] !== undefined) return 'array';
  if (schema['pattern'] !== undefined || schema['format'] !== undefined) return 'string';
  return schema['minimum'] === undefined && schema['maximum'] === undefined ? undefined : 'number';
}

function exampleText({ pattern, format, minLength, maxLength }: JsonObject): string | undefined {
  if (typeof pattern === 'string') {
    const like = textLike(pattern);
    if (like !== undefined) return like;
  }
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  const text = known ?? 'text';
  const least = typeof minLength === 'number' ? minLength : 0;
  if (least > MOST_LETTERS) return undefined;
  const long = text.length < least ? text + 'x'.repeat(least - text.length) : text;
  return typeof maxLength === 'number' && long.length > maxLength ? long.slice(0, Math.max(0, maxLength)) : long;
}

function exampleNumber(schema: JsonObject): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const isWhole = typeIn(schema) === 'integer';
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : undefined;
  let least = Number.NEGATIVE_INFINITY;
  if (typeof minimum === 'number') least = minimum;
  if (typeof exclusiveMinimum === 'number') least = Math.max(least, exclusiveMinimum + (isWhole ? 1 : 0.5));
  let most = Number.POSITIVE_INFINITY;
  if (typeof maximum === 'number') most = maximum;
  if (typeof exclusiveMaximum === 'number') most = Math.min(most, exclusiveMaximum - (isWhole ? 1 : 0.5));
  const wanted = Math.min(Math.max(1, least), most);
  if (step !== undefined) return Math.ceil(wanted / step) * step;
  return isWhole && !Number.isInteger(wanted) ? Math.ceil(wanted) : wanted;
}

function exampleList(root: Json, { items, minItems, prefixItems }: JsonObject, depth: number): Json | undefined {
  const least = typeof minItems === 'number' ? minItems : 1;
  if (least > 20) return undefined;
  const first = isArray(prefixItems) ? prefixItems : [];
  const list: Json[] = [];
  for (let index = 0; index < Math.max(least, first.length); index++) {
    const made = example(root, first[index] ?? (isArray(items) ? (items[index] ?? true) : (items ?? true)), depth + 1);
    // An empty list is better than none.
    if (made === undefined) return least <= 1 && first.length === 0 && typeof minItems !== 'number' ? [] : undefined;
    list.push(made);
  }
  return list;
}

function exampleObject(root: Json, { properties, required }: JsonObject, depth: number): Json | undefined {
  const known = isObject(properties) ? properties : objectOf([]);
  const entries: [string, Json][] = [];
  for (const name of isArray(required) ? required : []) {
    if (typeof name !== 'string') continue;
    const made = example(root, (Object.hasOwn(known, name) ? known[name] : undefined) ?? true, depth + 1);
    if (made === undefined) return undefined;
    entries.push([name, made]);
  }
  return objectOf(entries);
}
