import { isArray, isObject, type Json } from './json.ts';

/**
 * What a reader cannot see, or cannot tell from something else: controls, formatting and tag characters, spaces that are no plain space,
 * private and unassigned characters, variation selectors, and letters that are drawn as nothing.
 */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\u115f\u1160\u2800\u3164\uffa0]|\u034f|[\u17b4\u17b5]|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/gu;

/** A stranger's text on one line, with everything unseen written as `\u{…}`. A back-slash is doubled, so that nothing passes for such an escape. */
export function inPlainSight(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/** JSON on several lines for a person who decides about it: keys in their order, everything unseen written as an escape. */
export function jsonInPlainSight(value: Json, indent: string = ''): string {
  const inner = `${indent}  `;
  if (isArray(value)) {
    if (value.length === 0) return '[]';
    return `[\n${value.map((element) => inner + jsonInPlainSight(element, inner)).join(',\n')}\n${indent}]`;
  }
  if (isObject(value) && !JSON.isRawJSON(value)) {
    const keys = Object.keys(value);
    if (keys.length === 0) return '{}';
    const members = keys.map((key) => `${inner}${quotedInSight(key)}: ${jsonInPlainSight(value[key] ?? null, inner)}`);
    return `{\n${members.join(',\n')}\n${indent}}`;
  }
  return typeof value === 'string' ? quotedInSight(value) : JSON.stringify(value);
}

/** As JSON would write the text, so that back-slashes are doubled by it already. */
function quotedInSight(text: string): string {
  return JSON.stringify(text).replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
