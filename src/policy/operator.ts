import { isArray, type Json, type JsonArray } from '../wire/json.ts';
import { type Comparison, equal, isMember, membersOf } from './equal.ts';
import type { ValueTest } from './find.ts';
import { MAX_TEXT, type Search } from './regex.ts';
import { isScalar } from './spelling.ts';
import { FALSE, opposite, TRUE, type Truth, truth, UNKNOWN } from './truth.ts';

/** An operator with its value, read and found good. */
export type Operation =
  | { readonly op: 'eq' | 'neq'; readonly value: Json }
  | { readonly op: 'in' | 'not_in'; readonly values: JsonArray }
  | { readonly op: 'lt' | 'lte' | 'gt' | 'gte'; readonly bound: number }
  | { readonly op: 'exists'; readonly wanted: Truth }
  | { readonly op: 'regex'; readonly search: Search }
  | { readonly op: 'contains'; readonly value: Json; readonly letters: Letters };

export type Letters = 'as written' | 'any case';

/** Makes the test of one value. An absent one, and null with it, makes every operator false but `exists: false`. */
export function valueTest(operation: Operation, comparison: Comparison): ValueTest {
  switch (operation.op) {
    case 'eq':
      return equalTest(operation.value, comparison);
    case 'neq':
      return opposed(equalTest(operation.value, comparison));
    case 'in':
      return memberTest(operation.values, comparison);
    case 'not_in':
      return opposed(memberTest(operation.values, comparison));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return orderTest(operation.op, operation.bound);
    case 'exists':
      return (found) => (found === undefined || found === null ? opposite(operation.wanted) : operation.wanted);
    case 'regex':
      return whenPresent((found) => (typeof found === 'string' ? operation.search(found) : UNKNOWN));
    case 'contains':
      return containsTest(operation.value, operation.letters, comparison);
  }
}

type PresentTest = (found: Json) => Truth;

/** Leaves out what is absent, and what is too long to be judged. */
function whenPresent(test: PresentTest): ValueTest {
  return (found) => {
    if (found === undefined || found === null) return FALSE;
    if (typeof found === 'string' && found.length > MAX_TEXT) return UNKNOWN;
    return test(found);
  };
}

function equalTest(wanted: Json, comparison: Comparison): ValueTest {
  if (wanted === null) return nullTest((found) => equal(null, found, comparison));
  if (isScalar(wanted) && comparison === 'exact') return whenPresent((found) => truth(found === wanted));
  return whenPresent((found) => equal(wanted, found, comparison));
}

/** `null` is a value like others once the author names it. */
function nullTest(test: PresentTest): ValueTest {
  const present = whenPresent(test);
  return (found) => (found === null ? TRUE : present(found));
}

function memberTest(wanted: JsonArray, comparison: Comparison): ValueTest {
  const members = membersOf(wanted);
  const test: PresentTest = (found) => isMember(members, found, comparison);
  return wanted.includes(null) ? nullTest(test) : whenPresent(test);
}

/**
 * `neq` and `not_in`: an absent value is false for them too; what cannot be told equal cannot be told different, so that
 * `not` before them is no way around the wariness.
 */
function opposed(test: ValueTest): ValueTest {
  return (found) => (found === undefined || found === null ? FALSE : opposite(test(found)));
}

function orderTest(op: 'lt' | 'lte' | 'gt' | 'gte', bound: number): ValueTest {
  const compare = comparer(op, bound);
  return whenPresent((found) => (typeof found === 'number' ? truth(compare(found)) : UNKNOWN));
}

function comparer(op: 'lt' | 'lte' | 'gt' | 'gte', bound: number): (found: number) => boolean {
  switch (op) {
    case 'lt':
      return (found) => found < bound;
    case 'lte':
      return (found) => found <= bound;
    case 'gt':
      return (found) => found > bound;
    case 'gte':
      return (found) => found >= bound;
  }
}

function containsTest(wanted: Json, letters: Letters, comparison: Comparison): ValueTest {
  const fold = letters === 'any case' ? foldCase : asWritten;
  const needle = typeof wanted === 'string' ? fold(wanted) : undefined;
  // An element that is null is there: it is compared like any other.
  const element: PresentTest = (one) => {
    if (typeof one !== 'string') return equal(needle ?? wanted, one, comparison);
    return one.length > MAX_TEXT ? UNKNOWN : equal(needle ?? wanted, fold(one), comparison);
  };
  return whenPresent((found) => {
    if (isArray(found)) return anyElement(found, element);
    if (typeof found !== 'string' || needle === undefined) return UNKNOWN;
    return truth(fold(found).includes(needle));
  });
}

function anyElement(array: JsonArray, test: PresentTest): Truth {
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
function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase();
}
