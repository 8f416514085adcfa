import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { ArgumentPrivacy } from './gate.ts';

/** Over a key in lower case whose words are parted by `_`. What it finds too much costs a value in the log; what it misses, a secret. */
const SECRET_KEY = new RegExp(
  [
    'pass(?:word|wd|phrase|code|key)|pwd|secret|token|jwt|authorization|bearer|cookie|credential|signature',
    'session_?id|sessid',
    '(?:api|app|access|account|auth|client|deploy|encryption|master|private|service|session|signing|ssh)_?key(?!board|word)',
    // `dbpass` and `pass_old`, but not `compass`.
    '(?<!com|by|sur|tres|over|under|high|low|band|multi)pass\\d*(?:_|$)',
    '(?:^|_)(?:pw|sig)\\d*(?:_|$)|(?:^|_)auth\\d*_?$|otp\\d*(?:_|$)|^pin$|(?:^|_)pin_?code',
  ].join('|'),
);
const MASK = '••••';
const MAX_DEPTH = 100;

/** The arguments as the log may keep them: whole, with values of secret-looking keys masked, or only their keys and types. */
export function redactArguments(args: JsonObject, privacy: ArgumentPrivacy): Json {
  switch (privacy) {
    case 'full':
      return args;
    case 'redacted':
      return maskSecrets(args, MAX_DEPTH);
    case 'keys':
      return objectOf(Object.entries(args).map(([key, value]) => [key, typeName(value)]));
  }
}

function isSecretKey(key: string): boolean {
  const words = key.replace(/([a-z0-9])(?=[A-Z])/g, '$1_').toLowerCase();
  return SECRET_KEY.test(words.replace(/[^a-z0-9]+/g, '_'));
}

function maskSecrets(value: Json, depth: number): Json {
  if (depth === 0) return MASK;
  if (typeof value === 'string') return maskText(value);
  if (isArray(value)) return value.map((element) => maskSecrets(element, depth - 1));
  if (!isObject(value)) return value;
  const named = namesSecret(value);
  return objectOf(
    Object.entries(value).map(([key, member]) => [
      key,
      isSecretKey(key) || (named && key === 'value') ? maskAll(member) : maskSecrets(member, depth - 1),
    ]),
  );
}

/** `{"name": "X-Api-Key", "value": …}`: the secret's key is a value itself. */
function namesSecret(object: JsonObject): boolean {
  if (object['value'] === undefined) return false;
  const name = object['name'] ?? object['key'];
  return typeof name === 'string' && isSecretKey(name);
}

function maskAll(value: Json): Json {
  return value === null || typeof value === 'boolean' ? value : MASK;
}

/**
 * Secrets in what is a text only to us: URLs, forms, headers, JSON (`headers_json`).
 * INVARIANT: every expression takes time linear in the text; what follows a repeated part is never in that part, or the part is bounded.
 */
function maskText(text: string): string {
  let kept = text.replace(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MASK}`);
  if (kept.includes('@')) kept = kept.replace(/:\/\/[^\s/?#"'<>]+@/g, `://${MASK}@`);
  if (kept.includes(':')) kept = maskHeaders(maskMembers(kept));
  return kept.includes('=') ? maskPairs(kept) : kept;
}

/** `"password": "…"` of JSON. */
function maskMembers(text: string): string {
  if (!text.includes('"')) return text;
  return text.replace(/"((?:[^"\\]|\\.){1,80})"(\s*:\s*)"(?:[^"\\]|\\.)*"/g, (whole, key: string, colon: string) =>
    isSecretKey(key) ? `"${key}"${colon}"${MASK}"` : whole,
  );
}

/** `Cookie: …` on a line of its own, and in quotes as command lines have it. */
function maskHeaders(text: string): string {
  const mask = (whole: string, before: string, name: string, colon: string): string =>
    isSecretKey(name) ? `${before}${name}${colon}${MASK}` : whole;
  return text
    .replace(/^([ \t>*-]*)([A-Za-z][\w-]{0,79})([ \t]*:[ \t]*)[^\s].*$/gm, mask)
    .replace(/(["'])([A-Za-z][\w-]{0,79})([ \t]*:[ \t]*)[^\s"'][^"'\r\n]*/g, mask);
}

/** `api_key=…` of queries, forms and environments. A value that is no secret is looked into, for it may be a URL itself. */
function maskPairs(text: string): string {
  const value = /"[^"\r\n]*"?|'[^'\r\n]*'?|[^\s&;#"'<>]+/y;
  let kept = '';
  let done = 0;
  for (const { 0: pair, index } of text.matchAll(/(?<![\w.%[\]-])[\w.%[\]-]{1,80}=/g)) {
    if (index < done) continue;
    const key = pair.slice(0, -1);
    // In a query, `key` is how many services call their API key.
    const isQuery = index > 0 && '?&'.includes(text.charAt(index - 1));
    if (!isSecretKey(key) && !(isQuery && key === 'key')) continue;
    value.lastIndex = index + pair.length;
    if (!value.test(text)) continue;
    kept += text.slice(done, index) + pair + MASK;
    done = value.lastIndex;
  }
  return kept + text.slice(done);
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return isArray(value) ? 'array' : typeof value;
}
