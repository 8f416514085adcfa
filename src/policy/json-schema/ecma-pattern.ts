/** A pattern in RE2 syntax that finds what the ECMAScript one finds, or why there is none. */
type Translated =
  | { readonly kind: 'pattern'; readonly text: string }
  | { readonly kind: 'problem'; readonly reason: string };

interface Cursor {
  readonly pattern: string;
  at: number;
  isInClass: boolean;
}

/** What `\s` is in ECMAScript: RE2's own knows ASCII only. */
const BLANKS = '\\t-\\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';
/** Escapes that mean the same in both, `\d \w \b` over ASCII. */
const SAME = 'dDwWbBtnrfv';

/**
 * Schemas write patterns in the syntax of ECMAScript (with `u`), which gives some texts another meaning than RE2 does:
 * a pattern must not find more here than where the server looks.
 */
export function translatePattern(pattern: string): Translated {
  // Each character may become a dozen; longer patterns are refused anyway.
  if (pattern.length > 1_000) return { kind: 'problem', reason: 'longer than 1000 characters' };
  const cursor: Cursor = { pattern, at: 0, isInClass: false };
  let text = '';
  while (cursor.at < pattern.length) {
    const piece = cursor.isInClass ? inClass(cursor) : outside(cursor);
    if (piece === undefined) {
      const rest = 'write it without look-around, back-references and flags';
      return { kind: 'problem', reason: `unknown syntax at character ${cursor.at + 1}; ${rest}` };
    }
    text += piece;
  }
  return { kind: 'pattern', text };
}

function outside(cursor: Cursor): string | undefined {
  const { pattern, at } = cursor;
  const c = pattern[at] ?? '';
  if (c === '\\') return escaped(cursor);
  if (c === '(' && pattern[at + 1] === '?') return group(cursor);
  if (c === '[') return openClass(cursor);
  cursor.at++;
  return c === '.' ? '[^\\n\\r\u2028\u2029]' : c;
}

function group(cursor: Cursor): string | undefined {
  const opening = /^\(\?(?::|<[A-Za-z_]\w*>)/.exec(cursor.pattern.slice(cursor.at, cursor.at + 100));
  if (opening === null) return undefined;
  cursor.at += opening[0].length;
  // Names of groups serve nothing here.
  return opening[0] === '(?:' ? '(?:' : '(';
}

function openClass(cursor: Cursor): string | undefined {
  const { pattern, at } = cursor;
  if (pattern.startsWith('[^]', at)) {
    cursor.at += 3;
    return String.raw`[\x{0}-\x{10ffff}]`;
  }
  if (pattern.startsWith('[]', at)) return undefined;
  const opening = pattern[at + 1] === '^' ? '[^' : '[';
  cursor.at += opening.length;
  cursor.isInClass = true;
  return opening;
}

function inClass(cursor: Cursor): string | undefined {
  const c = cursor.pattern[cursor.at] ?? '';
  if (c === '\\') return escaped(cursor);
  cursor.at++;
  if (c === ']') cursor.isInClass = false;
  // RE2 would read `[[:alpha:]]` as a name.
  return c === '[' ? '\\[' : c;
}

function escaped(cursor: Cursor): string | undefined {
  const { pattern, at } = cursor;
  const letter = pattern[at + 1] ?? '';
  if (letter === 'u' || letter === 'x' || letter === 'c') return codePoint(cursor);
  if (letter === 'p' || letter === 'P') return property(cursor);
  const text = simple(letter, cursor);
  if (text === undefined) return undefined;
  if (letter === '0' && /\d/.test(pattern[at + 2] ?? '')) return undefined;
  cursor.at += 2;
  return text;
}

function simple(letter: string, { isInClass }: Cursor): string | undefined {
  if (letter === '0') return String.raw`\x{0}`;
  if (letter === 's') return isInClass ? BLANKS : `[${BLANKS}]`;
  if (letter === 'S') return isInClass ? undefined : `[^${BLANKS}]`;
  if (isInClass && letter === 'b') return String.raw`\x{8}`;
  if (isInClass && letter === 'B') return undefined;
  if (letter !== '' && SAME.includes(letter)) return `\\${letter}`;
  return /^[!-/:-@[-`{-~ ]$/.test(letter) ? `\\${letter}`.replace('\\ ', ' ') : undefined;
}

function property(cursor: Cursor): string | undefined {
  const named = /^\\[pP]\{\w{1,60}\}/.exec(cursor.pattern.slice(cursor.at, cursor.at + 80));
  if (named === null) return undefined;
  cursor.at += named[0].length;
  return named[0];
}

function codePoint(cursor: Cursor): string | undefined {
  const rest = cursor.pattern.slice(cursor.at, cursor.at + 12);
  const pair = /^\\u(d[89ab][\da-f]{2})\\u(d[c-f][\da-f]{2})/i.exec(rest);
  const single = /^\\(?:u([\da-f]{4})|u\{([\da-f]{1,6})\}|x([\da-f]{2})|c([a-z]))/i.exec(rest);
  const found = pair ?? single;
  if (found === null) return undefined;
  cursor.at += found[0].length;
  const [, first = '', second] = found;
  if (pair !== null) return hex((hexValue(first) - 0xd800) * 0x400 + hexValue(second ?? '') - 0xdc00 + 0x10000);
  const control = found[4];
  if (control !== undefined) return hex(control.charCodeAt(0) % 32);
  const code = hexValue(found[1] ?? found[2] ?? found[3] ?? '');
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return isSurrogate || code > 0x10ffff ? undefined : hex(code);
}

function hexValue(text: string): number {
  return Number.parseInt(text, 16);
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}
