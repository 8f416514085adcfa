import { below } from '../../policy/problem.ts';
import { isArray, isObject, type Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';

/** One place at which two values differ; undefined where there is nothing. */
export interface Difference {
  /** JSON Pointer; empty for the whole. */
  readonly pointer: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** Tells where two values differ, as deep inside as can be told; nothing exactly if their canonical texts are equal. Elements of arrays are compared place by place. */
export function differences(before: Json, after: Json, pointer: string = ''): readonly Difference[] {
  if (isArray(before) && isArray(after)) {
    const longer = before.length > after.length ? before : after;
    return longer.flatMap((_, index) => differ(before[index], after[index], below(pointer, index)));
  }
  if (isPlainObject(before) && isPlainObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)].sort());
    return [...keys].flatMap((key) => differ(before[key], after[key], below(pointer, key)));
  }
  return canonicalJson(before) === canonicalJson(after) ? [] : [{ pointer, before, after }];
}

function differ(before: Json | undefined, after: Json | undefined, pointer: string): readonly Difference[] {
  if (before !== undefined && after !== undefined) return differences(before, after, pointer);
  return before === after ? [] : [{ pointer, before, after }];
}

/** A number whose text is kept is an object to JavaScript. */
function isPlainObject(value: Json): value is Extract<Json, { readonly [key: string]: Json }> {
  return isObject(value) && !JSON.isRawJSON(value);
}
