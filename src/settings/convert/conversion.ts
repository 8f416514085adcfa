import { didYouMean } from '../../policy/nearest.ts';
import { below, type Problem, quoted } from '../../policy/problem.ts';
import { isArray, isObject, type Json, type JsonArray, type JsonObject } from '../../wire/json.ts';
import { NOTES, type Topic } from './notes.ts';

/** What converting one document gathers. Pointers lead into the Intercept document. */
export interface Conversion {
  /** What has no equal, or is no Intercept policy. */
  readonly problems: Problem[];
  /** What comes out stricter than it was, each kind once. */
  readonly notes: Problem[];
  readonly topics: Set<Topic>;
  /** Where the parts of the new document come from, by their pointers in it. */
  readonly origins: Map<string, string>;
  /** Counters by their names in the new document, and where each was first named. */
  readonly counters: Map<string, string>;
}

export function newConversion(): Conversion {
  return { problems: [], notes: [], topics: new Set(), origins: new Map(), counters: new Map() };
}

export function refuse(conversion: Conversion, pointer: string, message: string): undefined {
  conversion.problems.push({ pointer, message });
  return undefined;
}

/** Tells once for a document how the new one differs. */
export function note(conversion: Conversion, topic: Topic, pointer: string): void {
  if (conversion.topics.has(topic)) return;
  conversion.topics.add(topic);
  conversion.notes.push({ pointer, message: NOTES[topic] });
}

/** Intercept passes over keys that it does not know, so that a misspelt rule never holds: here none is passed over. */
export function checkKeys(conversion: Conversion, object: JsonObject, pointer: string, known: readonly string[]): void {
  for (const key of Object.keys(object)) {
    if (known.includes(key)) continue;
    const guess = didYouMean(key, known) || '; Intercept passes over it, so leave it out';
    refuse(conversion, below(pointer, key), `unknown key ${quoted(key)}${guess}`);
  }
}

/** An optional object; like Intercept it takes null for nothing. */
export function objectAt(
  conversion: Conversion,
  value: Json | undefined,
  pointer: string,
  example: string,
): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  return isObject(value) ? value : refuse(conversion, pointer, `must be an object such as ${example}`);
}

/** An optional array; like Intercept it takes null for nothing. */
export function arrayAt(conversion: Conversion, object: JsonObject, pointer: string, key: string): JsonArray {
  const value = object[key];
  if (value === undefined || value === null) return [];
  if (isArray(value)) return value;
  refuse(conversion, below(pointer, key), 'must be a list');
  return [];
}

/** An optional text; null and the empty one say nothing. */
export function textAt(conversion: Conversion, object: JsonObject, pointer: string, key: string): string | undefined {
  const value = object[key];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  return refuse(conversion, below(pointer, key), 'must be a text; put it in quotes');
}
