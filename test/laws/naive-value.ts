import { isArray, isObject, type Json } from '../../src/wire/json.ts';

/** Kleene's three truth values; `unknown` is "cannot be judged". */
export type Three = 'true' | 'false' | 'unknown';

/** Which list an entry stands in: `[*]` ranges and coercion traps differ between `require` and the others. */
export type Side = 'require' | 'deny_if' | 'approve_if' | 'when';

export function three(value: boolean): Three {
  return value ? 'true' : 'false';
}

export function negate(value: Three): Three {
  if (value === 'unknown') return 'unknown';
  return value === 'true' ? 'false' : 'true';
}

export function every(values: readonly Three[]): Three {
  if (values.includes('false')) return 'false';
  return values.includes('unknown') ? 'unknown' : 'true';
}

export function some(values: readonly Three[]): Three {
  return negate(every(values.map(negate)));
}

/** Deep equality without coercion; numbers by value. */
export function isSame(a: Json, b: Json): boolean {
  if (isArray(a) && isArray(b))
    return a.length === b.length && a.every((element, at) => isSame(element, b[at] ?? null));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((key) => Object.hasOwn(b, key) && isSame(a[key] ?? null, b[key] ?? null));
  }
  return a === b;
}

/** Equality of what was given with what is asked for, where a coercing server might see it: what differs only in how its scalars are spelled cannot be judged. */
export function isSameToServer(a: Json, b: Json): Three {
  if (isSame(a, b)) return 'true';
  if (isArray(a) && isArray(b)) {
    if (a.length !== b.length) return 'false';
    return every(a.map((element, at) => isSameToServer(element, b[at] ?? null)));
  }
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length || !keys.every((key) => Object.hasOwn(b, key))) return 'false';
    return every(keys.map((key) => isSameToServer(a[key] ?? null, b[key] ?? null)));
  }
  return isSpelledAlike(a, b) ? 'unknown' : 'false';
}

/** Whether two scalars of different types spell one value: `5` and `"5"`, `true` and `"true"`, `true` and `1`. */
function isSpelledAlike(a: Json, b: Json): boolean {
  if (typeof a === typeof b || isArray(a) || isArray(b) || isObject(a) || isObject(b)) return false;
  if (a === null || b === null) return String(a) === String(b);
  const [first, second] = [spelled(a), spelled(b)];
  return first === second || (first !== '' && second !== '' && Number(first) === Number(second));
}

function spelled(scalar: string | number | boolean): string {
  const word = String(scalar).trim().toLowerCase();
  if (word === 'true') return '1';
  return word === 'false' ? '0' : word;
}
