import { memberPath } from '../../policy/member-path.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { plainSchema } from './plain-schema.ts';

/** A parameter of a tool, as far as its schema tells. */
export interface Parameter {
  readonly name: string;
  /** As conditions write it: `args.flow_id`. */
  readonly path: string;
  /** Behind references, and without null; empty where that cannot be told. */
  readonly schema: JsonObject;
  /** The types that it may have beside null; empty where none is named. */
  readonly types: ReadonlySet<string>;
  /** The same for its elements; undefined for what is no list. */
  readonly elements: { readonly schema: JsonObject; readonly types: ReadonlySet<string> } | undefined;
  readonly isRequired: boolean;
  /** What the schema says of it in words. */
  readonly description: string;
}

/** The parameters of a tool by name, in the order of its schema. */
export function parametersOf(tool: JsonObject): ReadonlyMap<string, Parameter> {
  const root = tool['inputSchema'];
  const properties = isObject(root) ? root['properties'] : undefined;
  if (!isObject(root) || !isObject(properties)) return new Map();
  const required = isArray(root['required']) ? root['required'] : [];
  return new Map(
    Object.entries(properties).map(([name, property]) => [
      name,
      parameterOf(root, name, property, required.includes(name) ? 'required' : 'optional'),
    ]),
  );
}

function parameterOf(root: Json, name: string, property: Json, need: 'required' | 'optional'): Parameter {
  const schema = plainSchema(root, property);
  const types = typesOf(schema);
  const items = types.has('array') ? plainSchema(root, schema['items'] ?? null) : undefined;
  const said = [property, schema].map((one) => (isObject(one) ? one['description'] : undefined));
  return {
    name,
    path: memberPath('args', name),
    schema,
    types,
    elements: items && { schema: items, types: typesOf(items) },
    isRequired: need === 'required',
    description: said.find((text) => typeof text === 'string') ?? '',
  };
}

function typesOf({ type }: JsonObject): ReadonlySet<string> {
  const words = isArray(type) ? type : [type];
  return new Set(words.filter((word): word is string => typeof word === 'string' && word !== 'null'));
}

/** Whether any text can be given: it is a text, and none of a few that are listed. */
export function isFreeText({
  schema,
  types,
}: {
  readonly schema: JsonObject;
  readonly types: ReadonlySet<string>;
}): boolean {
  if (schema['enum'] !== undefined || schema['const'] !== undefined) return false;
  return types.has('string') || types.size === 0;
}
