import { fromBase64, toBase64 } from './base64.ts';

const BEGIN = '=?base64?';
const END = '?=';

/** A text as the value of an `Mcp-*` header: as it is when it is plain, otherwise wrapped base64. Source: 2026-07-28, "Header encoding". */
export function headerText(text: string): string {
  return isPlain(text) && !text.startsWith(BEGIN) ? text : `${BEGIN}${toBase64(text)}${END}`;
}

/** The text that a header's value stands for; undefined when it is malformed. */
export function textOfHeader(value: string): string | undefined {
  if (value.startsWith(BEGIN) && value.endsWith(END) && value.length >= BEGIN.length + END.length) {
    return fromBase64(value.slice(BEGIN.length, -END.length));
  }
  return isPlain(value) ? value : undefined;
}

/** Visible ASCII with blanks inside only: what every HTTP implementation carries unchanged. */
function isPlain(text: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text);
}
