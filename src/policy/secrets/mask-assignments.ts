import { isSecretKey, type Reader } from './secret-key.ts';
import { isSecretValue } from './secret-value.ts';

/** What stands in place of a secret, and for whom. */
export interface Masking {
  readonly mask: string;
  readonly reader: Reader;
}

/**
 * A text with the values of secret-looking keys masked, however the text writes them down.
 * INVARIANT: every expression takes time linear in the text; what follows a repeated part is never in that part, or the part is bounded.
 */
export function maskAssignments(text: string, masking: Masking): string {
  let kept = text;
  if (kept.includes(':')) kept = maskHeaders(maskMembers(kept, masking), masking);
  return kept.includes('=') ? maskPairs(kept, masking) : kept;
}

/** `"password": "…"` of JSON, also of JSON in a text of JSON, and as Python writes it. */
function maskMembers(text: string, { mask, reader }: Masking): string {
  const member =
    (quote: string) =>
    (whole: string, key: string, between: string, value: string): string => {
      if (!isSecretKey(key, reader) || !isSecretValue(key, value, 'member', reader)) return whole;
      return quote + key + quote + between + quote + mask + quote;
    };
  let kept = text;
  if (kept.includes('"')) {
    kept = kept.replace(/"((?:[^"\\]|\\.){1,80})"(\s*:\s*)"((?:[^"\\]|\\.)*)"/g, member('"'));
  }
  if (kept.includes('\\"')) {
    kept = kept.replace(/\\"([\w.-]{1,80})\\"(\s*:\s*)\\"([^"\\]*)\\"/g, member('\\"'));
  }
  return kept.includes("'") ? kept.replace(/'([\w.-]{1,80})'(\s*:\s*)'([^'\\\r\n]*)'/g, member("'")) : kept;
}

/** `Cookie: …` on a line of its own, and in quotes as command lines have it. */
function maskHeaders(text: string, { mask, reader }: Masking): string {
  const header = (whole: string, before: string, name: string, colon: string): string => {
    const value = whole.slice(before.length + name.length + colon.length);
    const isSecret = isSecretKey(name, reader) && isSecretValue(name, value, 'line', reader);
    return isSecret ? `${before}${name}${colon}${mask}` : whole;
  };
  return text
    .replace(/^([ \t>*-]*)([A-Za-z][\w-]{0,79})([ \t]*:[ \t]*)[^\s].*$/gm, header)
    .replace(/(["'])([A-Za-z][\w-]{0,79})([ \t]*:[ \t]*)[^\s"'][^"'\r\n]*/g, header);
}

/** `api_key=…` of queries, forms and environments. A value that is no secret is looked into, for it may be a URL itself. */
function maskPairs(text: string, { mask, reader }: Masking): string {
  const value = /"[^"\r\n]*"?|'[^'\r\n]*'?|[^\s&;#"'<>]+/y;
  let kept = '';
  let done = 0;
  for (const { 0: pair, index } of text.matchAll(/(?<![\w.%[\]-])[\w.%[\]-]{1,80}(?:=|[ \t]{1,3}=(?!=)[ \t]{0,3})/g)) {
    if (index < done) continue;
    const key = pair.slice(0, pair.indexOf('=')).trimEnd();
    // In a query, `key` is how many services call their API key.
    const isQuery = index > 0 && '?&;'.includes(text.charAt(index - 1));
    if (!isSecretKey(key, reader) && !(isQuery && key === 'key')) continue;
    value.lastIndex = index + pair.length;
    const found = value.exec(text)?.[0];
    if (found === undefined) continue;
    const setting = isQuery || /^[A-Z][A-Z0-9_]*$/.test(key) ? 'pair' : 'code';
    if (!isSecretValue(key, found, setting, reader)) continue;
    kept += text.slice(done, index) + pair + maskWithin(found, mask, reader);
    done = value.lastIndex;
  }
  return kept + text.slice(done);
}

/** For a client the quotes stay: what it reads may be a program. */
function maskWithin(value: string, mask: string, reader: Reader): string {
  const quote = value.charAt(0);
  if (reader === 'log' || (quote !== '"' && quote !== "'")) return mask;
  return value.length > 1 && value.endsWith(quote) ? quote + mask + quote : quote + mask;
}
