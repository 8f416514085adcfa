import type { Json } from '../../wire/json.ts';
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
  /** The path and the operator. */
  readonly head: string;
  /** As it was written. */
  readonly words: string;
}

const MOST_SHOWN = 80;

/** A value on one line, shortened. */
export function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
