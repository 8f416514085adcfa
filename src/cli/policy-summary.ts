import { isObject, type Json } from '../wire/json.ts';

/** What a valid policy speaks of, in a few words. */
export function shortSummary(document: Json): string {
  const object = isObject(document) ? document : {};
  const tools = isObject(object['tools']) ? Object.keys(object['tools']).length : 0;
  return `${tools} ${tools === 1 ? 'tool' : 'tools'}, default ${object['default'] === 'allow' ? 'allow' : 'deny'}`;
}
