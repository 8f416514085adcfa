import { isArray, isObject, type Json, objectOf } from '../../src/wire/json.ts';
import { anyJson, anyKey, anyScalar } from './any-json.ts';
import { ODD_KEYS, ODD_NUMBERS, ODD_TEXTS, ODD_VALUES } from './odd-words.ts';
import { oneOf, type Random } from './random.ts';

/** The document with some of its parts spoiled; parts of `donor` may stand in for its own. */
export function mutated(document: Json, donor: Json, random: Random): Json {
  let value = document;
  for (let rest = 1 + random.below(4); rest > 0; rest--) value = mutatedOnce(value, donor, random);
  return value;
}

/** One member of an object, or one element of an array, on the way of a random walk from the root. */
function mutatedOnce(value: Json, donor: Json, random: Random): Json {
  if (isArray(value) && value.length > 0) {
    const at = random.below(value.length);
    if (isDeeper(value[at], random)) return value.with(at, mutatedOnce(value[at] ?? null, donor, random));
    return elementMutated(value, at, donor, random);
  }
  if (!isObject(value)) return replaced(value, donor, random);
  const entries = Object.entries(value);
  const [key, member] = oneOf(random, entries) ?? ['', null];
  const isInner = isDeeper(member, random);
  const change = (changed: readonly (readonly [string, Json])[]): Json =>
    objectOf(entries.flatMap((entry) => (entry[0] === key ? changed : [entry])));
  if (isInner) return change([[key, mutatedOnce(member, donor, random)]]);
  switch (random.below(7)) {
    case 0:
      return change([]);
    case 1:
      return change([[misspelt(key, random), member]]);
    case 2:
      return change([[random.pick(ODD_KEYS), member]]);
    case 3:
      return objectOf([...entries, [anyKey(random), random.isOneIn(2) ? member : anyJson(random, 2)]]);
    case 4:
      return change([[key, atSameKey(donor, key, random) ?? member]]);
    default:
      return change([[key, replaced(member, donor, random)]]);
  }
}

function isDeeper(member: Json | undefined, random: Random): boolean {
  return (isObject(member) || isArray(member)) && !random.isOneIn(5);
}

function elementMutated(array: readonly Json[], at: number, donor: Json, random: Random): Json {
  const element = array[at] ?? null;
  switch (random.below(4)) {
    case 0:
      return array.toSpliced(at, 1);
    case 1:
      return array.toSpliced(at, 0, element);
    case 2:
      return [...array].reverse();
    default:
      return array.with(at, replaced(element, donor, random));
  }
}

function replaced(value: Json, donor: Json, random: Random): Json {
  switch (random.below(6)) {
    case 0:
      return random.pick(ODD_VALUES);
    case 1:
      return nested(value, random);
    case 2:
      return anyScalar(random);
    case 3:
      return random.isOneIn(3) ? donor : anyJson(random, 3);
    default:
      return tweaked(value, random);
  }
}

/** Nearly the same value. */
function tweaked(value: Json, random: Random): Json {
  if (typeof value === 'number') {
    return random.pick([value + 1, value - 1, -value, value / 2, value * 1e6, String(value), random.pick(ODD_NUMBERS)]);
  }
  if (typeof value === 'string') {
    const other = [value.toUpperCase(), `${value} `, `${value}\u0301`, '', [value], value.repeat(3), value.slice(1)];
    return random.pick([misspelt(value, random), random.pick(ODD_TEXTS), ...other]);
  }
  if (typeof value === 'boolean') return random.pick<Json>([!value, String(value), Number(value)]);
  if (isArray(value)) return random.pick<Json>([[], [...value, ...value], value[0] ?? null, objectOf([['0', value]])]);
  return isObject(value) ? Object.values(value) : 0;
}

/** Within so many groups, arrays or objects as it takes to reach a limit, at times. */
function nested(value: Json, random: Random): Json {
  const levels = random.pick([1, 2, 3, 40, 64, 95, 101, 400]);
  const key = random.pick(['not', 'all', 'any', 'conditions', 'tools', 'a']);
  let deep = value;
  for (let level = 0; level < levels; level++) {
    deep = key === 'not' || key === 'tools' || key === 'a' ? objectOf([[key, deep]]) : objectOf([[key, [deep]]]);
  }
  return deep;
}

function misspelt(word: string, random: Random): string {
  const at = random.below(word.length + 1);
  const letter = random.pick(['s', 'e', '_', ' ', 'A', 'é', '*', '\u200b']);
  switch (random.below(4)) {
    case 0:
      return word.slice(0, at) + letter + word.slice(at);
    case 1:
      return word.slice(0, at) + word.slice(at + 1);
    case 2:
      return word.slice(0, at) + letter + word.slice(at + 1);
    default:
      return (
        word.slice(0, at) +
        word
          .slice(at, at + 2)
          .split('')
          .reverse()
          .join('') +
        word.slice(at + 2)
      );
  }
}

/** What stands under this key anywhere in the donor. */
function atSameKey(donor: Json, key: string, random: Random): Json | undefined {
  const found: Json[] = [];
  const look = (value: Json): void => {
    if (isArray(value)) for (const element of value) look(element);
    if (!isObject(value)) return;
    for (const [name, member] of Object.entries(value)) {
      if (name === key) found.push(member);
      look(member);
    }
  };
  look(donor);
  return oneOf(random, found);
}
