import { isArray, isObject, type Json } from '../../wire/json.ts';

/** The value at a JSON Pointer; undefined where there is none. */
export function atPointer(document: Json, pointer: string): Json | undefined {
  let found: Json | undefined = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(found)) found = found[Number(key)];
    else if (isObject(found)) found = found[key];
    else return undefined;
  }
  return found;
}
