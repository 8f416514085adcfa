import { isArray, isObject, type Json } from '../../wire/json.ts';
import { type Truth, truth } from '../truth.ts';

/** The code points of a text, the elements of an array, the keys of an object; other values have no length. */
export function lengthOf(value: Json): number | undefined {
  if (typeof value === 'string') return codePointsOf(value);
  if (isArray(value)) return value.length;
  return isObject(value) ? Object.keys(value).length : undefined;
}

function codePointsOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

/** Whether a value that is there is of a JSON type, as `type` names them. */
export function isOfType(value: Json, type: string): Truth {
  if (value === null) return truth(type === 'null');
  if (typeof value === 'number') return truth(type === 'number' || (type === 'integer' && Number.isInteger(value)));
  if (typeof value === 'object') return truth(type === (isArray(value) ? 'array' : 'object'));
  return truth(type === typeof value);
}
