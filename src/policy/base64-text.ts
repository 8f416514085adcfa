const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(
  [...LETTERS, '-', '_'].map((letter, index) => [letter.charCodeAt(0), index < 64 ? index : index - 2]),
);
const PIECE = 4_096;

/** The text that base64 stands for, or undefined where it is not base64 of well-formed UTF-8. Both alphabets; padding may be left out. */
export function textOfBase64(base64: string): string | undefined {
  const bytes = bytesOfBase64(base64);
  return bytes && textOfUtf8(bytes);
}

/** The base64 of a text in UTF-8, with padding. */
export function base64OfText(text: string): string {
  const bytes: number[] = [];
  for (const character of text) pushUtf8(bytes, character.codePointAt(0) ?? 0);
  let base64 = '';
  for (let index = 0; index < bytes.length; index += 3) {
    const [a = 0, b, c] = bytes.slice(index, index + 3);
    base64 += letter(a >> 2) + letter(((a & 3) << 4) | ((b ?? 0) >> 4));
    base64 += b === undefined ? '=' : letter(((b & 15) << 2) | ((c ?? 0) >> 6));
    base64 += c === undefined ? '=' : letter(c & 63);
  }
  return base64;
}

function letter(value: number): string {
  return LETTERS.charAt(value);
}

function bytesOfBase64(base64: string): Uint8Array | undefined {
  let end = base64.length;
  while (end > 0 && end > base64.length - 2 && base64.charAt(end - 1) === '=') end--;
  if (end % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((end * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < end; index++) {
    const value = VALUES.get(base64.charCodeAt(index));
    if (value === undefined) return undefined;
    held = ((held << 6) | value) & 0xfff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = (held >> bits) & 0xff;
  }
  return bytes;
}

/** Strict: no overlong forms, no surrogates, nothing cut off. */
function textOfUtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  let codes: number[] = [];
  for (let index = 0; index < bytes.length; ) {
    const first = bytes[index++] ?? 0;
    const more = first < 0x80 ? 0 : first < 0xc2 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 4;
    if (more === 4 || index + more > bytes.length) return undefined;
    let code = more === 0 ? first : first & (0x3f >> more);
    for (const last = index + more; index < last; index++) {
      const byte = bytes[index] ?? 0;
      if ((byte & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (byte & 0x3f);
    }
    if ((more === 2 && code < 0x800) || (more === 3 && (code < 0x10000 || code > 0x10ffff))) return undefined;
    if (code >= 0xd800 && code <= 0xdfff) return undefined;
    codes.push(code);
    if (codes.length < PIECE) continue;
    text += String.fromCodePoint(...codes);
    codes = [];
  }
  return text + String.fromCodePoint(...codes);
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) bytes.push(code);
  else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
}
