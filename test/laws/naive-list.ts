import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';

/** The array under a key; empty where there is none. */
export function list(value: Json | undefined, key: string): readonly Json[] {
  const found = isObject(value) ? value[key] : undefined;
  return isArray(found) ? found : [];
}

/** The object under a key; empty where there is none. */
export function member(value: Json | undefined, key: string): JsonObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

/** A step of a JSON Pointer. */
export function escaped(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
