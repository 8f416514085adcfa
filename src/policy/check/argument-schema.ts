import { isArray, isObject, type Json, type JsonArray, type JsonObject } from '../../wire/json.ts';
import { equal } from '../equal.ts';
import type { Step } from '../path.ts';
import { TRUE } from '../truth.ts';
import { isOfType } from '../typed/measure.ts';
import { type Sample, typeOfSample } from './sample.ts';

/** What an input schema says of one argument. */
export type Argument =
  /** `closed`: it allows no arguments but those that it names. */
  | {
      readonly kind: 'missing';
      readonly key: string;
      readonly names: readonly string[];
      readonly beside: 'closed' | 'open';
    }
  | { readonly kind: 'named'; readonly types: ReadonlySet<string> | undefined; readonly schema: JsonObject }
  | { readonly kind: 'unclear' };

const UNCLEAR: Argument = { kind: 'unclear' };
const MOST_HOPS = 8;
const COMBINING: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'not', 'if', 'dependentSchemas', '$dynamicRef'];

/** Follows a path into an input schema, as far as that is beyond doubt. */
export function argumentAt(root: Json | undefined, steps: readonly Step[]): Argument {
  let schema = plainSchema(root, root);
  for (const step of steps) {
    if (schema === undefined) return UNCLEAR;
    if (step.kind !== 'key') {
      if (schema['prefixItems'] !== undefined || isArray(schema['items'])) return UNCLEAR;
      schema = plainSchema(root, schema['items']);
      continue;
    }
    const properties = schema['properties'];
    const named = isObject(properties) && Object.hasOwn(properties, step.key) ? properties[step.key] : undefined;
    if (named === undefined) return missing(schema, step.key, isObject(properties) ? Object.keys(properties) : []);
    schema = plainSchema(root, named);
  }
  return schema === undefined ? UNCLEAR : { kind: 'named', types: typesOf(schema), schema };
}

function missing(schema: JsonObject, key: string, names: readonly string[]): Argument {
  const others = schema['additionalProperties'];
  const isOpen = schema['patternProperties'] !== undefined || COMBINING.some((word) => schema[word] !== undefined);
  if (isOpen || (others !== undefined && others !== false)) return UNCLEAR;
  return { kind: 'missing', key, names, beside: others === false ? 'closed' : 'open' };
}

/** The schema behind references within the document, and behind `anyOf` where that only adds null. */
function plainSchema(root: Json | undefined, from: Json | undefined): JsonObject | undefined {
  let schema = from;
  for (let hop = 0; hop < MOST_HOPS; hop++) {
    if (!isObject(schema)) return undefined;
    const reference = schema['$ref'];
    const choice = schema['anyOf'] ?? schema['oneOf'];
    if (typeof reference === 'string') schema = definition(root, reference);
    else if (isArray(choice)) {
      const real = choice.filter((one) => !(isObject(one) && one['type'] === 'null'));
      if (real.length !== 1 || real.length === choice.length) return undefined;
      schema = real[0];
    } else return schema;
  }
  return undefined;
}

function definition(root: Json | undefined, reference: string): Json | undefined {
  const [, table, name] = /^#\/(\$defs|definitions)\/([\w.-]+)$/.exec(reference) ?? [];
  const tables = isObject(root) && table !== undefined ? root[table] : undefined;
  return isObject(tables) && name !== undefined && Object.hasOwn(tables, name) ? tables[name] : undefined;
}

function typesOf(schema: JsonObject): ReadonlySet<string> | undefined {
  if (COMBINING.some((key) => schema[key] !== undefined)) return undefined;
  const { type } = schema;
  const words = typeof type === 'string' ? [type] : isArray(type) ? type.filter((one) => typeof one === 'string') : [];
  return words.length === 0 ? undefined : new Set(words);
}

/** The values that a schema lists; undefined where it lists none. */
export function listedValues({ schema }: Extract<Argument, { kind: 'named' }>): JsonArray | undefined {
  const listed = schema['enum'];
  if (isArray(listed)) return listed;
  return schema['const'] === undefined ? undefined : [schema['const']];
}

/** Whether the schema of an argument allows what a sample stands for; absence and null are always allowed. */
export function allows(argument: Extract<Argument, { kind: 'named' }>, sample: Sample): boolean {
  const type = typeOfSample(sample);
  if (type === undefined || type === 'null') return true;
  const listed = listedValues(argument);
  if (sample.kind !== 'value')
    return listed === undefined && (argument.types === undefined || argument.types.has(type));
  const value = sample.value ?? null;
  if (listed !== undefined && !listed.some((one) => equal(one, value, 'exact') === TRUE)) return false;
  if (argument.types !== undefined && ![...argument.types].some((one) => isOfType(value, one) === TRUE)) return false;
  return typeof value !== 'number' || isWithin(argument.schema, value);
}

function isWithin(schema: JsonObject, value: number): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  if (typeof minimum === 'number' && value < minimum) return false;
  if (typeof maximum === 'number' && value > maximum) return false;
  if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum) return false;
  return typeof exclusiveMaximum !== 'number' || value < exclusiveMaximum;
}
