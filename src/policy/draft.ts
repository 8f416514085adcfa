import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { didYouMean } from './nearest.ts';
import type { CallCount, CounterUse, Mode } from './policy.ts';
import { below, type Problem, quoted } from './problem.ts';
import type { CompiledSearch } from './regex.ts';
import type { Shape } from './shape.ts';
import type { SqlParsers } from './sql/parsers.ts';

/** What compiling one document gathers: its problems, and what its rules share. */
export interface Draft {
  readonly document: 'policy' | 'baseline';
  readonly problems: Problem[];
  /** Compiled patterns, or why they do not compile, by flags and text. */
  readonly searches: Map<string, CompiledSearch | string>;
  /** Instructions of all compiled patterns. */
  programs: number;
  readonly zones: Map<string, Intl.DateTimeFormat | undefined>;
  /** Of calendars, by zone: each takes some tens of kilobytes. */
  readonly clocks: Map<string, Intl.DateTimeFormat>;
  readonly counters: Map<string, CounterUse>;
  /** Calls that conditions count, by the tool that is counted. */
  readonly counted: Map<string, CallCount[]>;
  /** Those of the rules that are compiled now. */
  asked: CallCount[];
  readonly parsers: SqlParsers;
  /** Whether what is compiled now stands in shadow. */
  mode: Mode;
}

export function newDraft(document: 'policy' | 'baseline', parsers: SqlParsers): Draft {
  return {
    document,
    problems: [],
    searches: new Map(),
    programs: 0,
    zones: new Map(),
    clocks: new Map(),
    counters: new Map(),
    counted: new Map(),
    asked: [],
    parsers,
    mode: 'enforce',
  };
}

/** More problems than anybody reads; the rest is not looked for, since looking for remedies takes time. */
const MAX_PROBLEMS = 1_000;

/** Ends compiling when there are too many problems. Never leaves `compilePolicy`. */
export class TooManyProblems extends Error {
  override name = 'TooManyProblems';
}

export function refuse(draft: Draft, pointer: string, message: string): undefined {
  draft.problems.push({ pointer, message });
  if (draft.problems.length < MAX_PROBLEMS) return undefined;
  draft.problems.push({ pointer: '', message: `has at least ${MAX_PROBLEMS} problems; the rest is not told` });
  throw new TooManyProblems();
}

/** Refuses every key that this kind of object does not have. */
export function checkKeys(draft: Draft, object: JsonObject, pointer: string, shape: Shape): void {
  for (const key of Object.keys(object)) {
    if (Object.hasOwn(shape.keys, key)) continue;
    const guess = didYouMean(key, Object.keys(shape.keys));
    refuse(draft, below(pointer, key), `unknown key ${quoted(key)}${guess}`);
  }
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

/** An optional word out of a few. */
export function wordAt<Word extends string>(
  draft: Draft,
  object: JsonObject,
  pointer: string,
  key: string,
  words: readonly Word[],
): Word | undefined {
  const value = object[key];
  if (value === undefined) return undefined;
  const word = words.find((candidate) => candidate === value);
  if (word !== undefined) return word;
  const place = below(pointer, key);
  if (typeof value !== 'string') return refuse(draft, place, `must be one of ${listed(words)}`);
  const guess = didYouMean(value, words);
  return refuse(draft, place, `unknown ${key} ${quoted(value)}${guess || `; write one of ${listed(words)}`}`);
}

export function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(', ');
}
