import { isArray, isObject, type Json } from './json.ts';

/** Writes one line of JSON. What was read strictly and is written by this is the only thing ever forwarded. */
export function writeJson(value: Json): string {
  const text = JSON.stringify(value);
  // Node's readline takes the last two for line breaks, Python's splitlines all three: a message, or an event of a stream, would be cut.
  return /[\u0085\u2028\u2029]/.test(text) ? text.replace(/[\u0085\u2028\u2029]/g, (c) => ESCAPED[c] ?? c) : text;
}

const ESCAPED: { readonly [character: string]: string } = {
  '\u0085': '\\u0085',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** Keys that need no escaping, as nearly all do: cheaper than asking the serialiser. */
const PLAIN_KEY = /^[\w./-]+$/;

/** Writes one line of JSON whose keys are sorted by UTF-16 code unit: equal values give equal texts. */
export function canonicalJson(value: Json): string {
  if (isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (!isObject(value) || JSON.isRawJSON(value)) return JSON.stringify(value);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    text += `${text === '' ? '{' : ','}${PLAIN_KEY.test(key) ? `"${key}"` : JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return text === '' ? '{}' : `${text}}`;
}
