import { isArray, isObject, type Json } from '../../wire/json.ts';
import { RELAY, readJson } from '../../wire/read-json.ts';
import { writeJson } from '../../wire/write-json.ts';

/** A copy of a value that keeps nothing else alive; undefined for one that takes more characters than that. */
export function ownJson(value: Json, characters: number): Json | undefined {
  if (roomAfter(value, characters) < 0) return undefined;
  const read = readJson(writeJson(value), RELAY);
  return read.kind === 'value' ? read.value : undefined;
}

/** How many of the characters are left; stops looking where none are. */
function roomAfter(value: Json, characters: number): number {
  let left = characters - 1;
  if (typeof value === 'string') return left - value.length;
  if (isArray(value)) {
    for (const one of value) {
      if (left < 0) return left;
      left = roomAfter(one, left);
    }
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      if (left < 0) return left;
      left = roomAfter(value[key] ?? null, left - key.length);
    }
  }
  return left;
}
