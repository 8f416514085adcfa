import { didYouMean } from '../policy/nearest.ts';
import { below, type Problem, quoted } from '../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { interpolate } from './interpolate.ts';
import type { Bounds } from './question-bounds.ts';

/** A walk through the configuration that goes on after a problem, so that all are told at once. */
export interface Reading {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly found: Problem[];
}

/** A value of the configuration and where it stands. */
export interface Item {
  readonly value: Json;
  readonly pointer: string;
}

export interface NamedItem extends Item {
  readonly name: string;
}

export function say(reading: Reading, pointer: string, message: string): undefined {
  reading.found.push({ pointer, message });
}

/** The member of that key, or undefined without one. */
export function member(object: Item, key: string): Item | undefined {
  const value = isObject(object.value) ? object.value[key] : undefined;
  return value === undefined ? undefined : { value, pointer: below(object.pointer, key) };
}

/** Checks that an item is an object that holds no other keys than these. */
export function knownKeys(reading: Reading, item: Item, known: readonly string[]): boolean {
  const object = objectAt(reading, item);
  if (object === undefined) return false;
  for (const key of Object.keys(object)) {
    if (!known.includes(key))
      say(reading, below(item.pointer, key), `unknown key ${quoted(key)}${didYouMean(key, known)}`);
  }
  return true;
}

/** The members of an object whose keys are names of the user's own choice; none if it is no object. */
export function namedItems(reading: Reading, item: Item | undefined): readonly NamedItem[] {
  if (item === undefined) return [];
  const object = objectAt(reading, item) ?? {};
  return Object.entries(object).map(([name, value]) => ({ name, value, pointer: below(item.pointer, name) }));
}

export function elements(reading: Reading, item: Item | undefined): readonly Item[] {
  if (item === undefined) return [];
  if (!isArray(item.value)) {
    say(reading, item.pointer, 'must be an array');
    return [];
  }
  return item.value.map((value, index) => ({ value, pointer: below(item.pointer, index) }));
}

/** A string with its variables replaced. */
export function textAt(reading: Reading, item: Item | undefined): string | undefined {
  if (item === undefined) return undefined;
  if (typeof item.value !== 'string') return say(reading, item.pointer, 'must be a string');
  const interpolated = interpolate(item.value, reading.env);
  if (interpolated.kind === 'text') return interpolated.text;
  for (const reason of interpolated.reasons) say(reading, item.pointer, reason);
  return undefined;
}

/** One of a few words. A variable may stand for it, so only what the file itself says is repeated. */
export function wordAt<T extends string>(reading: Reading, item: Item | undefined, words: readonly T[]): T | undefined {
  const text = textAt(reading, item);
  if (text === undefined || item === undefined) return undefined;
  const word = words.find((known) => known === text);
  if (word !== undefined) return word;
  return say(reading, item.pointer, `must be one of ${words.join(', ')}${asWritten(item, text, words)}`);
}

/** Says that a text names no policy of the configuration. */
export function sayNoPolicy(reading: Reading, item: Item, text: string, known: readonly string[]): undefined {
  if (text !== item.value) return say(reading, item.pointer, 'names nothing under "policies"');
  return say(reading, item.pointer, `there is no policy ${quoted(text)} under "policies"${didYouMean(text, known)}`);
}

/** Seconds as the file says them, more than none and at most a day, in milliseconds. */
export function secondsAt(reading: Reading, item: Item | undefined, otherwise: number): number {
  if (item === undefined) return otherwise * 1000;
  const { value } = item;
  if (typeof value === 'number' && value > 0 && value <= 86_400) return value * 1000;
  say(reading, item.pointer, 'must be a number of seconds, more than 0 and at most 86400');
  return otherwise * 1000;
}

/** A whole number as the file says it, within bounds. */
export function wholeAt(reading: Reading, item: Item | undefined, { least, most }: Bounds): number | undefined {
  if (item === undefined) return undefined;
  const { value } = item;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  const written = typeof value === 'number' ? `, not ${value}` : '';
  return say(reading, item.pointer, `must be a whole number from ${least} to ${most}${written}`);
}

/** Different words out of a few, at least one of them; undefined where there is no such list. */
export function wordsAt<T extends string>(
  reading: Reading,
  item: Item | undefined,
  words: readonly T[],
): ReadonlySet<T> | undefined {
  if (item === undefined) return undefined;
  const found = new Set<T>();
  const all = elements(reading, item);
  for (const element of all) {
    const word = wordAt(reading, element, words);
    if (word !== undefined && found.has(word)) say(reading, element.pointer, 'stands twice');
    if (word !== undefined) found.add(word);
  }
  if (isArray(item.value) && all.length === 0)
    say(reading, item.pointer, `must name at least one of ${words.join(', ')}`);
  return found;
}

/** INVARIANT: a text that came from the environment is never repeated; it may be a secret in the wrong place. */
function asWritten(item: Item, text: string, known: readonly string[]): string {
  return text === item.value ? `, not ${quoted(text)}${didYouMean(text, known)}` : '';
}

function objectAt(reading: Reading, item: Item): JsonObject | undefined {
  return isObject(item.value) ? item.value : say(reading, item.pointer, 'must be an object');
}
