/** A JSON value as the strict reader gives it: objects without a prototype, so that `value[key]` sees own keys only. */
export type Json = null | boolean | number | string | JsonArray | JsonObject;
export type JsonArray = readonly Json[];
export interface JsonObject {
  readonly [key: string]: Json;
}

/** An object that inherits nothing (`constructor`, `toString` …) and yet keeps V8's fast shape. */
const Bare = function Bare() {} as unknown as new () => Record<string, Json>;
Bare.prototype = Object.create(null);

/** Makes an empty object without inherited keys; `__proto__` is an ordinary key in it. */
export function bareObject(): Record<string, Json> {
  return new Bare();
}

/** Makes a bare object from entries; the way to build messages that hold a stranger's keys. */
export function objectOf(entries: Iterable<readonly [string, Json]>): JsonObject {
  const object = bareObject();
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/** Copies an object with some keys replaced; the copy is bare too. */
export function withKeys(object: JsonObject, replaced: { readonly [key: string]: Json | undefined }): JsonObject {
  const copy = bareObject();
  for (const key of Object.keys(object)) {
    const value = object[key];
    if (!Object.hasOwn(replaced, key) && value !== undefined) copy[key] = value;
  }
  for (const key of Object.keys(replaced)) {
    const value = replaced[key];
    if (value !== undefined) copy[key] = value;
  }
  return copy;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is JsonArray {
  return Array.isArray(value);
}
