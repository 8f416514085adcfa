import { isArray, type Json, type JsonArray } from '../../wire/json.ts';
import { type Comparison, equal } from '../equal.ts';
import { MAX_TEXT } from '../regex.ts';
import { FALSE, TRUE, type Truth, truth, UNKNOWN } from '../truth.ts';

export type Letters = 'as written' | 'any case';

/** The test of `starts_with` and `ends_with`. */
export function edgeTest(op: 'starts_with' | 'ends_with', wanted: string, letters: Letters): (text: string) => Truth {
  const fold = letters === 'any case' ? foldCase : asWritten;
  const edge = fold(wanted);
  if (op === 'starts_with') return (text) => truth(fold(text).startsWith(edge));
  return (text) => truth(fold(text).endsWith(edge));
}

/** The test of `contains`: a part of a text, or an element of an array. */
export function containsTest(wanted: Json, letters: Letters, comparison: Comparison): (found: Json) => Truth {
  const fold = letters === 'any case' ? foldCase : asWritten;
  const needle = typeof wanted === 'string' ? fold(wanted) : undefined;
  // An element that is null is there: it is compared like any other.
  const element = (one: Json): Truth => {
    if (typeof one !== 'string') return equal(needle ?? wanted, one, comparison);
    return one.length > MAX_TEXT ? UNKNOWN : equal(needle ?? wanted, fold(one), comparison);
  };
  return (found) => {
    if (isArray(found)) return anyElement(found, element);
    if (typeof found !== 'string' || needle === undefined) return UNKNOWN;
    return truth(fold(found).includes(needle));
  };
}

function anyElement(array: JsonArray, test: (element: Json) => Truth): Truth {
  let greatest: Truth = FALSE;
  for (const element of array) {
    const result = test(element);
    if (result === TRUE) return TRUE;
    if (result === UNKNOWN) greatest = UNKNOWN;
  }
  return greatest;
}

function asWritten(text: string): string {
  return text;
}

/** Lower, then upper case: the second has no special cases that depend on the place in a word, and `ſ`, the Kelvin sign and `ς` fold. */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase();
}

const ASCII_END = 0x80;
/** The bit in which an ASCII letter differs from its capital. */
const CASE_BIT = 0x20;
/** Beyond so many letters folding the whole is faster. */
const LOOKED_AT = 32;

/**
 * Whether two texts of one length fold to the same: most pairs are told apart by their first letters, which spares a copy.
 * A call can bring a hundred thousand keys, and every condition looks at them.
 */
export function differInCaseAlone(one: string, other: string): boolean {
  const looked = Math.min(one.length, LOOKED_AT);
  for (let at = 0; at < looked; at++) {
    const a = one.charCodeAt(at);
    const b = other.charCodeAt(at);
    if (a === b) continue;
    if (a >= ASCII_END || b >= ASCII_END) break;
    if ((a | CASE_BIT) !== (b | CASE_BIT)) return false;
  }
  return foldCase(one) === foldCase(other);
}
