import { isArray, type Json, type JsonArray } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Place } from '../look.ts';
import type { OperatorName } from '../operators.ts';

/** One comparison, normalised: `eq` is `in` of one, lengths are `lte` or `gte`, lists are sorted. */
export interface Leaf {
  readonly place: Place;
  /** Tells places apart: the path, the time zone, how far back. */
  readonly placeText: string;
  readonly op: OperatorName;
  readonly value: Json;
  readonly letters: 'as written' | 'any case';
  readonly sign: 'plain' | 'negated';
  /** Equal for leaves that mean the same. */
  readonly text: string;
  /** The path as it was written. */
  readonly path: string;
  /** The operator as it was written. */
  readonly verb: string;
  /** What else was written: the time zone, how far back. */
  readonly beside: readonly string[];
  /** As it was written. */
  readonly words: string;
}

const MOST_SHOWN = 80;

/** A text that only leaves of one meaning have. */
export function leafText({ sign, placeText, op, letters, value }: Omit<Leaf, 'text'>): string {
  return `${sign === 'negated' ? '!' : ''}[${placeText},"${op}","${letters}",${canonicalJson(value)}]`;
}

/** Sorted, each once. */
export function listOf(value: Json): JsonArray {
  const texts = new Map<string, Json>();
  for (const one of isArray(value) ? value : [value]) texts.set(canonicalJson(one), one);
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/** Whether the path leads to many values, of which every or any must satisfy. */
export function isRanging({ place: { path } }: Leaf): boolean {
  return (path.root === 'args' || path.root === 'annotations') && path.steps.some(({ kind }) => kind === 'each');
}

/** A value on one line, shortened. */
export function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
