import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { below, quoted } from '../problem.ts';
import { type CompiledSearch, compileSearch } from '../regex.ts';
import type { Anchors } from './anchors.ts';
import type { Dialect } from './dialect.ts';
import { translatePattern } from './ecma-pattern.ts';
import { rawNumber } from './measure.ts';
import { neverSchema, newSchema, type Schema } from './schema.ts';
import { Stop } from './stop.ts';

/** A document while it is compiled. Schemas wait in a queue, so that no chain of them is deep. */
export interface Draft {
  readonly root: Json;
  readonly dialect: Dialect;
  readonly anchors: Anchors;
  readonly compiled: Map<Json, Schema>;
  readonly waiting: Spot[];
  readonly patterns: Map<string, CompiledSearch>;
  /** Characters and instructions that the patterns may still have together. */
  patternCost: number;
  hasUnevaluated: boolean;
}

/** One schema of the document, and what it is compiled into. */
export interface Spot {
  readonly draft: Draft;
  readonly schema: JsonObject;
  readonly pointer: string;
  readonly into: Schema;
}

export function refuse(spot: Spot, key: string, message: string): never {
  throw new Stop(`${shownPlace(below(spot.pointer, key))} ${message}`);
}

/** A place as it stands in a message: quoted where it holds anything that could be taken for prose. */
export function shownPlace(pointer: string): string {
  return /^[\w\-./~$@:]{0,200}$/.test(pointer) ? pointer : quoted(pointer);
}

/** Compiles a schema once, however many refer to it; it is filled before anything is checked. */
export function schemaAt(draft: Draft, schema: Json | undefined, pointer: string): Schema {
  if (schema === true) return newSchema();
  if (schema === false) return neverSchema();
  if (!isObject(schema) || JSON.isRawJSON(schema)) {
    throw new Stop(`${shownPlace(pointer) || 'the whole'} must be a schema: an object, true or false`);
  }
  const known = draft.compiled.get(schema);
  if (known !== undefined) return known;
  const into = newSchema();
  draft.compiled.set(schema, into);
  draft.waiting.push({ draft, schema, pointer, into });
  return into;
}

/** A keyword's value, by its own key only. */
export function keywordOf(spot: Spot, key: string): Json | undefined {
  return Object.hasOwn(spot.schema, key) ? spot.schema[key] : undefined;
}

export function innerSchema(spot: Spot, key: string): Schema | undefined {
  const value = keywordOf(spot, key);
  return value === undefined ? undefined : schemaAt(spot.draft, value, below(spot.pointer, key));
}

export function innerSchemas(spot: Spot, key: string): readonly Schema[] | undefined {
  const value = keywordOf(spot, key);
  if (value === undefined) return undefined;
  if (!isArray(value) || value.length === 0) return refuse(spot, key, 'must be an array of one or more schemas');
  const pointer = below(spot.pointer, key);
  return value.map((element, index) => schemaAt(spot.draft, element, below(pointer, index)));
}

/** The entries of a keyword that holds a member for each name. */
export function entriesOf(spot: Spot, key: string): readonly (readonly [string, Json])[] {
  const value = keywordOf(spot, key);
  if (value === undefined) return [];
  if (!isObject(value) || JSON.isRawJSON(value)) return refuse(spot, key, 'must be an object');
  return Object.keys(value).map((name) => [name, value[name] ?? null] as const);
}

export function namedSchemas(spot: Spot, key: string): readonly (readonly [string, Schema])[] {
  const pointer = below(spot.pointer, key);
  return entriesOf(spot, key).map(
    ([name, value]) => [name, schemaAt(spot.draft, value, below(pointer, name))] as const,
  );
}

export function textsOf(spot: Spot, key: string, value: Json | undefined): readonly string[] {
  const texts: string[] = [];
  if (!isArray(value)) return refuse(spot, key, 'must be an array of strings');
  for (const text of value) {
    if (typeof text !== 'string') return refuse(spot, key, 'must be an array of strings');
    texts.push(text);
  }
  return texts;
}

/** A whole number from zero on. One beyond all doubles is as good as the nearest. */
export function countOf(spot: Spot, key: string): number | undefined {
  const value = keywordOf(spot, key);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  const raw = rawNumber(value);
  if (raw !== undefined && /^\d+$/.test(raw)) return Number(raw);
  return refuse(spot, key, 'must be a whole number from 0 on');
}

export function searchOf(spot: Spot, key: string, pattern: string): CompiledSearch {
  const { draft } = spot;
  const known = draft.patterns.get(pattern);
  if (known !== undefined) return known;
  const translated = translatePattern(pattern);
  if (translated.kind === 'problem')
    return refuse(spot, key, `holds a pattern that cannot be used: ${translated.reason}`);
  // Sets of Unicode letters are tables, which cost far more than they are long.
  draft.patternCost -= translated.text.length + 100 * (translated.text.match(/\\p/gi)?.length ?? 0);
  if (draft.patternCost < 0) return refuse(spot, key, 'holds one pattern too many; use fewer or smaller ones');
  const compiled = compileSearch(translated.text, 'as written');
  if (typeof compiled === 'string') return refuse(spot, key, `holds a pattern that RE2 does not know: ${compiled}`);
  draft.patternCost -= compiled.size;
  draft.patterns.set(pattern, compiled);
  return compiled;
}
