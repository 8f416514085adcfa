const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 (RFC 4648, padded) of a text's UTF-8 bytes. The text must be well-formed. */
export function toBase64(text: string): string {
  const bytes = utf8Bytes(text);
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    out += letter(group >> 18) + letter(group >> 12);
    out += (left > 1 ? letter(group >> 6) : '=') + (left > 2 ? letter(group) : '=');
  }
  return out;
}

/** The text of a padded base64 of UTF-8; undefined for anything that another writer would have written otherwise. */
export function fromBase64(base64: string): string | undefined {
  if (base64.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return undefined;
  const bytes: number[] = [];
  let group = 0;
  let bits = 0;
  const end = base64.length - (base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0);
  for (let at = 0; at < end; at++) {
    group = ((group << 6) | sixBits(base64.charCodeAt(at))) & 0xffffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((group >> bits) & 0xff);
  }
  const text = utf8Text(bytes);
  return text !== undefined && toBase64(text) === base64 ? text : undefined;
}

function sixBits(c: number): number {
  if (c >= 97) return c - 71;
  if (c >= 65) return c - 65;
  if (c >= 48) return c + 4;
  return c === 43 ? 62 : 63;
}

function letter(bits: number): string {
  return ALPHABET.charAt(bits & 63);
}

function utf8Bytes(text: string): number[] {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at++) {
    const c = text.codePointAt(at) ?? 0;
    if (c > 0xffff) at++;
    if (c < 0x80) bytes.push(c);
    else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
    else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
    else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
  }
  return bytes;
}

/** Strict only in that it never throws; what is not the one spelling of a text is caught by writing it again. */
function utf8Text(bytes: readonly number[]): string | undefined {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const first = bytes[at] ?? 0;
    const more = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let next = 1; next <= more; next++) point = (point << 6) | ((bytes[at + next] ?? 0) & 63);
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
    at += more + 1;
  }
  return text.isWellFormed() ? text : undefined;
}
