import { didYouMean } from '../../policy/nearest.ts';
import { below, quoted } from '../../policy/problem.ts';
import { isObject } from '../../wire/json.ts';
import { readIsoTime } from '../iso-time.ts';
import { type Item, member, type Reading, say } from '../reading.ts';

/** Checks that an item is an object that holds no other keys than these. */
export function onlyKeys(reading: Reading, item: Item, known: readonly string[]): boolean {
  if (!isObject(item.value)) {
    say(reading, item.pointer, 'must be an object');
    return false;
  }
  for (const key of Object.keys(item.value)) {
    if (known.includes(key)) continue;
    say(reading, below(item.pointer, key), `unknown key ${quoted(key)}${didYouMean(key, known)}`);
  }
  return true;
}

/** A text as the file says it: nothing in a file of cases is taken from the environment. */
export function textIn(reading: Reading, object: Item, key: string): string | undefined {
  const item = member(object, key);
  if (item === undefined) return undefined;
  return typeof item.value === 'string' ? item.value : say(reading, item.pointer, 'must be a text');
}

export function flagIn(reading: Reading, object: Item, key: string): boolean | undefined {
  const item = member(object, key);
  if (item === undefined) return undefined;
  return typeof item.value === 'boolean' ? item.value : say(reading, item.pointer, 'must be true or false');
}

export function wholeIn(reading: Reading, object: Item, key: string, least: number, most: number): number | undefined {
  const item = member(object, key);
  if (item === undefined) return undefined;
  const { value } = item;
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  return say(reading, item.pointer, `must be a whole number from ${least} to ${most}`);
}

export function timeIn(reading: Reading, object: Item, key: string): number | undefined {
  const item = member(object, key);
  if (item === undefined) return undefined;
  const at = typeof item.value === 'string' ? readIsoTime(item.value) : undefined;
  return (
    at ?? say(reading, item.pointer, 'must be a day (2027-01-01) or a time with its zone ("2027-01-01T08:00:00Z")')
  );
}

export function wordOf<T extends string>(reading: Reading, item: Item | undefined, words: readonly T[]): T | undefined {
  if (item === undefined) return undefined;
  const { value, pointer } = item;
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  const not = typeof value === 'string' ? `, not ${quoted(value)}${didYouMean(value, words)}` : '';
  return say(reading, pointer, `must be one of ${words.join(', ')}${not}`);
}
