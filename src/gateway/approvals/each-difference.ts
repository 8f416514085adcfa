import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';

/** The way to a place in a value: keys and indices. */
export type Way = readonly (string | number)[];

/** Told of each place where two values differ; undefined is what is not there. The way changes afterwards: keep a copy. */
export type TellDifference = (way: Way, before: Json | undefined, after: Json | undefined) => void;

/**
 * Finds where two values differ, as deep inside as can be told, in one pass over both and without writing a way for each place: a long key
 * may stand above very many of them.
 */
export function eachDifference(before: Json, after: Json, tell: TellDifference): void {
  compare([], before, after, tell);
}

function compare(
  way: (string | number)[],
  before: Json | undefined,
  after: Json | undefined,
  tell: TellDifference,
): void {
  if (before === after) return;
  if (isArray(before) && isArray(after)) {
    const longer = Math.max(before.length, after.length);
    for (let at = 0; at < longer; at++) step(way, at, before[at], after[at], tell);
    return;
  }
  if (isPlainObject(before) && isPlainObject(after)) {
    for (const key of Object.keys(before)) step(way, key, before[key], after[key], tell);
    for (const key of Object.keys(after)) if (before[key] === undefined) step(way, key, undefined, after[key], tell);
    return;
  }
  // What is left are texts, numbers and the like, of which only numbers may be equal without being the same.
  if (before !== undefined && after !== undefined && isScalar(before) && isScalar(after)) {
    if (JSON.stringify(before) === JSON.stringify(after)) return;
  }
  tell(way, before, after);
}

function step(
  way: (string | number)[],
  key: string | number,
  before: Json | undefined,
  after: Json | undefined,
  tell: TellDifference,
): void {
  way.push(key);
  compare(way, before, after, tell);
  way.pop();
}

/** A number whose text is kept is an object to JavaScript. */
function isPlainObject(value: Json | undefined): value is JsonObject {
  return isObject(value) && !JSON.isRawJSON(value);
}

function isScalar(value: Json): boolean {
  return !isArray(value) && !isPlainObject(value);
}
