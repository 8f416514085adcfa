import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { ArgumentPrivacy } from './gate.ts';

const SECRET_KEY =
  /pass(?:word|wd|phrase)?$|secret|token|api[-_ ]?key|apikey|authorization|cookie|credential|private[-_ ]?key|access[-_ ]?key|session[-_ ]?id|^auth$|bearer|^pin$|otp$|signature/i;
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

function maskSecrets(value: Json, depth: number): Json {
  if (depth === 0) return MASK;
  if (typeof value === 'string') return maskHeaders(value);
  if (isArray(value)) return value.map((element) => maskSecrets(element, depth - 1));
  if (!isObject(value)) return value;
  return objectOf(
    Object.entries(value).map(([key, member]) => [
      key,
      SECRET_KEY.test(key) ? maskAll(member) : maskSecrets(member, depth - 1),
    ]),
  );
}

function maskAll(value: Json): Json {
  return value === null || typeof value === 'boolean' ? value : MASK;
}

/** JSON inside a string (`headers_json`) hides secrets from a look at keys; bearer tokens have a form of their own. */
function maskHeaders(text: string): string {
  if (text.length < 8) return text;
  const bare = text.replace(/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi, `$1 ${MASK}`);
  if (!bare.includes('"')) return bare;
  return bare.replace(/("(?:[^"\\]|\\.){1,80}"\s*:\s*)"((?:[^"\\]|\\.)*)"/g, (whole, key: string) =>
    SECRET_KEY.test(key.replace(/"\s*:\s*$/, '').slice(1)) ? `${key}"${MASK}"` : whole,
  );
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return isArray(value) ? 'array' : typeof value;
}
