import { isArray, isObject, type Json, type JsonObject } from './json.ts';
import { unseenWritten, unseenWrittenInJson } from './unseen.ts';

/** How JSON is laid out for a person. */
export interface Layout {
  /** From so many characters on it is cut, and ends with `…`; what is cut is not even written. */
  readonly most?: number;
  /** How many levels are laid out on lines of their own; what is deeper goes on in the same line. 0: one line. */
  readonly depth?: number;
}

/** Indents of more levels than this are no help to a reader, and would make the text longer than linear in the value. */
export const DEEPEST = 20;

/** A stranger's text on one line, with everything unseen written as `\u{…}`. A back-slash is doubled, so that nothing passes for such an escape. */
export function inPlainSight(text: string): string {
  return unseenWritten(text.replaceAll('\\', '\\\\'));
}

/** JSON for a person who decides about it: keys in their order, everything unseen written as an escape. */
export function jsonInPlainSight(
  value: Json,
  { most = Number.POSITIVE_INFINITY, depth = DEEPEST }: Layout = {},
): string {
  const page: Page = { text: '', most, depth: Math.min(depth, DEEPEST) };
  write(page, value, 0);
  return page.text.length <= most ? page.text : `${cutBefore(page.text, most)}…`;
}

/** JSON, or a piece of it, that is written already: as it stands, with everything unseen written as an escape. */
export function jsonTextInPlainSight(text: string): string {
  return unseenWrittenInJson(text);
}

/** The first so many characters, without half a character at the end. */
function cutBefore(text: string, length: number): string {
  return text.slice(0, /[\ud800-\udbff]/.test(text.charAt(length - 1)) ? length - 1 : length);
}

interface Page {
  text: string;
  readonly most: number;
  readonly depth: number;
}

function write(page: Page, value: Json, level: number): void {
  if (isArray(value))
    return writeMembers(page, value.length, level, '[]', (at) => write(page, value[at] ?? null, level + 1));
  if (isObject(value) && !JSON.isRawJSON(value)) return writeObject(page, value, level);
  page.text += typeof value === 'string' ? quotedInSight(value, page) : JSON.stringify(value);
}

function writeObject(page: Page, value: JsonObject, level: number): void {
  const keys = Object.keys(value);
  writeMembers(page, keys.length, level, '{}', (at) => {
    const key = keys[at] ?? '';
    page.text += `${quotedInSight(key, page)}: `;
    write(page, value[key] ?? null, level + 1);
  });
}

function writeMembers(page: Page, count: number, level: number, brackets: string, member: (at: number) => void): void {
  if (count === 0) {
    page.text += brackets;
    return;
  }
  const [open, between, close] =
    level < page.depth ? linesOf(level) : brackets === '[]' ? ['', ' ', ''] : [' ', ' ', ' '];
  for (let at = 0; at < count; at++) {
    if (page.text.length > page.most) return;
    page.text += at === 0 ? `${brackets.charAt(0)}${open}` : `,${between}`;
    member(at);
  }
  page.text += `${close}${brackets.charAt(1)}`;
}

function linesOf(level: number): readonly [string, string, string] {
  const inner = `\n${'  '.repeat(level + 1)}`;
  return [inner, inner, `\n${'  '.repeat(level)}`];
}

/** As JSON would write the text, so that back-slashes are doubled by it already. */
function quotedInSight(text: string, { text: before, most }: Page): string {
  const room = most - before.length;
  // Shown it is never shorter, so that what is cut here is not missed.
  return unseenWrittenInJson(JSON.stringify(text.length > room ? cutBefore(text, Math.max(0, room) + 1) : text));
}
