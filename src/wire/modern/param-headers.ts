import { isArray, isObject, type Json, type JsonObject } from '../json.ts';
import { headerText, textOfHeader } from './header-text.ts';

/** An argument that is repeated in a header, for those between who read headers only. */
export interface HeaderParam {
  /** Lower-case name behind `mcp-param-`. */
  readonly header: string;
  /** Where the value stands in the arguments: a chain of keys. */
  readonly path: readonly string[];
}

/** What a tool's schema says of headers; `unusable` when it breaks the rules, so that the tool must not be offered over HTTP. */
export type HeaderParams =
  | { readonly kind: 'params'; readonly params: readonly HeaderParam[] }
  | { readonly kind: 'unusable'; readonly reason: string };

const NONE: HeaderParams = { kind: 'params', params: [] };
const MARK = 'x-mcp-header';
const TYPES: ReadonlySet<string> = new Set(['string', 'integer', 'boolean']);
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const MAX_DEPTH = 100;
/** Many more than a request has room for. */
const MAX_HEADERS = 64;

/** Finds every `x-mcp-header` of an input schema. Source: 2026-07-28, "Custom headers". */
export function headerParamsOf(schema: Json | undefined): HeaderParams {
  const found: HeaderParam[] = [];
  const fault = walk(schema, [], 'reachable', found, MAX_DEPTH);
  if (fault !== undefined) return { kind: 'unusable', reason: fault };
  return found.length === 0 ? NONE : { kind: 'params', params: found };
}

type Reach = 'reachable' | 'elsewhere';

function walk(
  schema: Json | undefined,
  path: readonly string[],
  reach: Reach,
  found: HeaderParam[],
  depth: number,
): string | undefined {
  if (depth === 0) return `${MARK}: the schema is nested too deep`;
  if (isArray(schema)) {
    for (const one of schema) {
      const fault = walk(one, path, 'elsewhere', found, depth - 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  if (!isObject(schema)) return undefined;
  if (schema[MARK] !== undefined) {
    const fault = take(schema, path, reach, found);
    if (fault !== undefined) return fault;
  }
  for (const [key, value] of Object.entries(schema)) {
    const fault =
      key === 'properties' && isObject(value)
        ? properties(value, path, reach, found, depth)
        : elsewhere(key, value, path, found, depth);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function properties(
  members: JsonObject,
  path: readonly string[],
  reach: Reach,
  found: HeaderParam[],
  depth: number,
): string | undefined {
  for (const [name, member] of Object.entries(members)) {
    const fault = walk(member, [...path, name], reach, found, depth - 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Texts that only look like schemas (`default`, `enum`, `const`, `examples`) declare nothing. */
const VALUES: ReadonlySet<string> = new Set(['default', 'enum', 'const', 'examples', MARK]);

function elsewhere(
  key: string,
  value: Json,
  path: readonly string[],
  found: HeaderParam[],
  depth: number,
): string | undefined {
  return VALUES.has(key) ? undefined : walk(value, path, 'elsewhere', found, depth - 1);
}

function take(schema: JsonObject, path: readonly string[], reach: Reach, found: HeaderParam[]): string | undefined {
  const name = schema[MARK];
  if (typeof name !== 'string' || !TOKEN.test(name)) return `${MARK} must be a header name`;
  if (reach === 'elsewhere' || path.length === 0) return `${MARK} ${name} stands where only "properties" may lead`;
  if (typeof schema['type'] !== 'string' || !TYPES.has(schema['type']))
    return `${MARK} ${name} goes with a string, an integer or a boolean only`;
  const header = name.toLowerCase();
  if (found.length >= MAX_HEADERS) return `${MARK} stands more than ${MAX_HEADERS} times`;
  if (found.some((other) => other.header === header)) return `${MARK} ${name} stands twice`;
  found.push({ header, path });
  return undefined;
}

/** The headers for a call's arguments, by lower-case name; a value that is absent, null, or no scalar has none. */
export function paramHeaders(params: readonly HeaderParam[], args: JsonObject): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { header, path } of params) {
    const value = valueAt(args, path);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      headers[`mcp-param-${header}`] = headerText(String(value));
    }
  }
  return headers;
}

/** What is wrong with the headers that came with a call: `received` by lower-case name behind `mcp-param-`. */
export function paramHeaderFault(
  params: readonly HeaderParam[],
  args: JsonObject,
  received: ReadonlyMap<string, string>,
): string | undefined {
  for (const { header, path } of params) {
    const fault = oneFault(header, valueAt(args, path), received.get(header));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function oneFault(header: string, value: Json | undefined, given: string | undefined): string | undefined {
  const name = `the header Mcp-Param-${header}`;
  if (value === undefined || value === null)
    return given === undefined ? undefined : `${name} stands for an argument that is not there`;
  if (given === undefined) return `${name} is missing`;
  const text = textOfHeader(given);
  if (text === undefined) return `${name} is malformed`;
  const same = typeof value === 'number' ? isNumber(text, value) : text === String(value);
  return same ? undefined : `${name} is not the argument in the body`;
}

function isNumber(text: string, value: number): boolean {
  return /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text) && Number(text) === value;
}

function valueAt(args: JsonObject, path: readonly string[]): Json | undefined {
  let value: Json | undefined = args;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}
