import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { didYouMean } from './nearest.ts';
import type { CounterUse } from './policy.ts';
import { below, type Problem, quoted } from './problem.ts';
import type { CompiledSearch } from './regex.ts';

/** What compiling one document gathers: its problems, and what its rules share. */
export interface Draft {
  readonly document: 'policy' | 'baseline';
  readonly problems: Problem[];
  /** Compiled patterns, or why they do not compile, by flags and text. */
  readonly searches: Map<string, CompiledSearch | string>;
  /** Instructions of all compiled patterns. */
  programs: number;
  readonly zones: Map<string, Intl.DateTimeFormat | undefined>;
  readonly counters: Map<string, CounterUse>;
}

export function newDraft(document: 'policy' | 'baseline'): Draft {
  return { document, problems: [], searches: new Map(), programs: 0, zones: new Map(), counters: new Map() };
}

export function refuse(draft: Draft, pointer: string, message: string): undefined {
  draft.problems.push({ pointer, message });
  return undefined;
}

/** The keys of one kind of object: those that are understood, and those of the language that come later. */
export interface Keys {
  readonly known: readonly string[];
  readonly later: readonly string[];
}

/** Refuses every key that is not understood here. */
export function checkKeys(draft: Draft, object: JsonObject, pointer: string, keys: Keys): void {
  for (const key of Object.keys(object)) {
    if (keys.known.includes(key)) continue;
    refuse(draft, below(pointer, key), keys.later.includes(key) ? notYet(key) : unknownKey(key, keys));
  }
}

export function notYet(word: string): string {
  return `"${word}" is not yet supported`;
}

function unknownKey(key: string, keys: Keys): string {
  return `unknown key ${quoted(key)}${didYouMean(key, [...keys.known, ...keys.later])}`;
}

/** The object at a place, or undefined with a problem that says `remedy`. */
export function objectAt(
  draft: Draft,
  value: Json | undefined,
  pointer: string,
  remedy: string,
): JsonObject | undefined {
  if (isObject(value)) return value;
  return refuse(draft, pointer, `must be an object${remedy}`);
}

/** The elements of an optional array with their pointers. */
export function elementsAt(draft: Draft, object: JsonObject, pointer: string, key: string): readonly Element[] {
  const value = object[key];
  if (value === undefined) return [];
  const place = below(pointer, key);
  if (Array.isArray(value))
    return value.map((element: Json, index) => ({ value: element, pointer: below(place, index) }));
  refuse(draft, place, 'must be an array');
  return [];
}

export interface Element {
  readonly value: Json;
  readonly pointer: string;
}

/** An optional text. */
export function textAt(draft: Draft, object: JsonObject, pointer: string, key: string): string | undefined {
  const value = object[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return value;
  return refuse(draft, below(pointer, key), 'must be a text that is not empty');
}

/** An optional word out of a few; words of the language that come later are told apart from misspelt ones. */
export function wordAt<Word extends string>(
  draft: Draft,
  object: JsonObject,
  pointer: string,
  key: string,
  words: readonly Word[],
  later: readonly string[],
): Word | undefined {
  const value = object[key];
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const place = below(pointer, key);
  if (typeof value !== 'string') return refuse(draft, place, `must be one of ${listed(words)}`);
  if (later.includes(value)) return refuse(draft, place, notYet(value));
  const guess = didYouMean(value, [...words, ...later]);
  return refuse(draft, place, `unknown ${key} ${quoted(value)}${guess || `; write one of ${listed(words)}`}`);
}

export function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
