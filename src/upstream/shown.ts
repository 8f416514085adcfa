// Control characters, and the ones that break lines or turn the direction of writing in a terminal.
const UNSHOWABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A stranger's text as it may stand in a log or an error: one line, control characters escaped, at most `limit` UTF-16 units of it. */
export function shown(text: string, limit = 200): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(UNSHOWABLE, (c) => `\\u${c.codePointAt(0)?.toString(16).padStart(4, '0') ?? ''}`);
}

/** Bytes for people: `10 MiB`, `512 KiB`, `700 bytes`. */
export function sizeText(bytes: number): string {
  if (bytes >= 1024 * 1024) return `${Math.round((bytes / 1024 / 1024) * 10) / 10} MiB`;
  return bytes >= 1024 ? `${Math.round(bytes / 1024)} KiB` : `${bytes} bytes`;
}

const SHORTEST_SECRET = 8;
const MASK = '••••';

/** A function that masks these values wherever they stand in a text; the last word of a value counts too (`Bearer x`). */
export function masker(secrets: Iterable<string>): (text: string) => string {
  const values = new Set<string>();
  for (const secret of secrets) {
    for (const part of [secret, secret.slice(secret.lastIndexOf(' ') + 1)]) {
      if (part.length >= SHORTEST_SECRET) values.add(part);
    }
  }
  const longestFirst = [...values].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}
