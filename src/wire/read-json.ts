import { bareObject, type Json } from './json.ts';
import { isExact } from './number.ts';

/** How much, and how exactly, a text may hold. */
export interface ReadLimits {
  /** Nesting of arrays and objects. */
  readonly depth: number;
  /** Values in total, keys not counted. */
  readonly nodes: number;
  /** A number that a double cannot hold: `exact` refuses it, `keep` carries its text through unread. */
  readonly numbers: 'exact' | 'keep';
}

/** For what is judged: nothing may be read in two ways. */
export const STRICT: ReadLimits = { depth: 100, nodes: 200_000, numbers: 'exact' };
/** For what servers answer: as strict, but numbers pass with their text. */
export const RELAY: ReadLimits = { depth: 100, nodes: 1_000_000, numbers: 'keep' };

export type ReadResult =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'fault' /** UTF-16 offset into the text. */; readonly at: number; readonly reason: string };

/**
 * Reads one JSON text, refusing whatever two readers could take differently: equal keys in one object, numbers that change
 * when read, lone surrogates, a byte order mark, anything after the value.
 */
export function readJson(text: string, limits: ReadLimits): ReadResult {
  const reader: Reader = { text, at: 0, depth: limits.depth, nodes: limits.nodes, keep: limits.numbers === 'keep' };
  if (!text.isWellFormed()) return { kind: 'fault', at: 0, reason: 'lone surrogate in the text' };
  try {
    skipBlank(reader);
    const value = readValue(reader);
    skipBlank(reader);
    if (reader.at < text.length) throw new Unreadable('text after the end of the JSON value');
    return { kind: 'value', value };
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'fault', at: reader.at, reason: error.message };
    throw error;
  }
}

class Unreadable extends Error {}

interface Reader {
  readonly text: string;
  at: number;
  depth: number;
  nodes: number;
  readonly keep: boolean;
}

function skipBlank(reader: Reader): void {
  for (;;) {
    const c = reader.text.charCodeAt(reader.at);
    if (c !== 32 && c !== 10 && c !== 13 && c !== 9) return;
    reader.at++;
  }
}

function readValue(reader: Reader): Json {
  if (--reader.nodes < 0) throw new Unreadable('more values than allowed');
  switch (reader.text.charCodeAt(reader.at)) {
    case 34:
      return readString(reader);
    case 123:
      return nested(reader, readObject);
    case 91:
      return nested(reader, readArray);
    case 116:
      return literal(reader, 'true', true);
    case 102:
      return literal(reader, 'false', false);
    case 110:
      return literal(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function nested(reader: Reader, read: (reader: Reader) => Json): Json {
  if (--reader.depth < 0) throw new Unreadable('nested deeper than allowed');
  reader.at++;
  const value = read(reader);
  reader.depth++;
  return value;
}

function literal<T extends Json>(reader: Reader, word: string, value: T): T {
  if (!reader.text.startsWith(word, reader.at)) throw new Unreadable('not a JSON value');
  reader.at += word.length;
  return value;
}

function readObject(reader: Reader): Json {
  const object = bareObject();
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.at) === 125) {
    reader.at++;
    return object;
  }
  for (;;) {
    if (reader.text.charCodeAt(reader.at) !== 34) throw new Unreadable('a key in double quotes expected');
    const keyAt = reader.at;
    const key = readString(reader);
    if (object[key] !== undefined) {
      reader.at = keyAt;
      throw new Unreadable(`the key ${JSON.stringify(key.slice(0, 60))} stands twice in one object`);
    }
    skipBlank(reader);
    if (reader.text.charCodeAt(reader.at) !== 58) throw new Unreadable('":" expected after a key');
    reader.at++;
    skipBlank(reader);
    object[key] = readValue(reader);
    skipBlank(reader);
    const c = reader.text.charCodeAt(reader.at);
    if (c === 125) break;
    if (c !== 44) throw new Unreadable('"," or "}" expected in an object');
    skipComma(reader, 125);
  }
  reader.at++;
  return object;
}

function readArray(reader: Reader): Json {
  const array: Json[] = [];
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.at) === 93) {
    reader.at++;
    return array;
  }
  for (;;) {
    array.push(readValue(reader));
    skipBlank(reader);
    const c = reader.text.charCodeAt(reader.at);
    if (c === 93) break;
    if (c !== 44) throw new Unreadable('"," or "]" expected in an array');
    skipComma(reader, 93);
  }
  reader.at++;
  return array;
}

/** Passes the comma at hand, after which another member must come. */
function skipComma(reader: Reader, end: number): void {
  const commaAt = reader.at++;
  skipBlank(reader);
  if (reader.text.charCodeAt(reader.at) !== end) return;
  reader.at = commaAt;
  throw new Unreadable(`remove the comma before "${String.fromCharCode(end)}"`);
}

function readString(reader: Reader): string {
  const { text } = reader;
  const start = reader.at + 1;
  let at = start;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 34) break;
    if (c === 92) return readEscaped(reader, start, at);
    if (!(c >= 32)) return endOfString(reader, at);
    at++;
  }
  reader.at = at + 1;
  return text.slice(start, at);
}

function endOfString(reader: Reader, at: number): never {
  reader.at = at;
  throw new Unreadable(at >= reader.text.length ? 'a string does not end' : 'a bare control character in a string');
}

const ESCAPES: { readonly [letter: string]: string } = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

function readEscaped(reader: Reader, start: number, firstEscape: number): string {
  const { text } = reader;
  const parts = [text.slice(start, firstEscape)];
  let at = firstEscape;
  for (;;) {
    const c = text.charCodeAt(at);
    if (c === 34) break;
    if (!(c >= 32)) return endOfString(reader, at);
    if (c === 92) {
      parts.push(escaped(reader, at));
      at += text[at + 1] === 'u' ? 6 : 2;
      continue;
    }
    const from = at;
    do at++;
    while (isPlain(text.charCodeAt(at)));
    parts.push(text.slice(from, at));
  }
  const value = parts.join('');
  reader.at = at + 1;
  if (!value.isWellFormed()) throw new Unreadable('lone surrogate in a string');
  return value;
}

function isPlain(c: number): boolean {
  return c >= 32 && c !== 34 && c !== 92;
}

function escaped(reader: Reader, at: number): string {
  const letter = reader.text[at + 1] ?? '';
  if (letter !== 'u') {
    const plain = ESCAPES[letter];
    if (plain !== undefined && Object.hasOwn(ESCAPES, letter)) return plain;
    reader.at = at;
    throw new Unreadable('unknown escape in a string');
  }
  const hex = reader.text.slice(at + 2, at + 6);
  if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
    reader.at = at;
    throw new Unreadable('four hexadecimal digits expected after \\u');
  }
  return String.fromCharCode(Number.parseInt(hex, 16));
}

function readNumber(reader: Reader): Json {
  const { text } = reader;
  const start = reader.at;
  let at = start;
  if (text.charCodeAt(at) === 45) at++;
  const whole = at;
  at = digits(text, at);
  if (at === whole || (text.charCodeAt(whole) === 48 && at > whole + 1)) throw new Unreadable('not a JSON value');
  const integerEnd = at;
  if (text.charCodeAt(at) === 46) {
    const from = at + 1;
    at = digits(text, from);
    if (at === from) throw new Unreadable('digits expected after "."');
  }
  if ((text.charCodeAt(at) | 32) === 101) {
    at++;
    const sign = text.charCodeAt(at);
    if (sign === 43 || sign === 45) at++;
    const from = at;
    at = digits(text, from);
    if (at === from) throw new Unreadable('digits expected in an exponent');
  }
  const written = text.slice(start, at);
  const value = Number(written);
  const plainInteger = at === integerEnd && at - whole <= 15;
  if (!plainInteger && !isExact(written, value)) {
    if (!reader.keep) {
      const shown = written.slice(0, 40);
      throw new Unreadable(`the number ${shown} cannot be carried exactly; send it as a string or with fewer digits`);
    }
    reader.at = at;
    return JSON.rawJSON(written) as Json;
  }
  reader.at = at;
  return value === 0 ? 0 : value;
}

function digits(text: string, from: number): number {
  let at = from;
  for (;;) {
    const c = text.charCodeAt(at);
    if (!(c >= 48 && c <= 57)) return at;
    at++;
  }
}
