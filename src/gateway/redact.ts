import { maskSecrets } from '../policy/secrets/mask-secrets.ts';
import { namesSecret } from '../policy/secrets/names-secret.ts';
import { isSecretKey } from '../policy/secrets/secret-key.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { ArgumentPrivacy } from './gate.ts';

/** Stands in the place of a secret. */
export const MASK = '••••';
const MAX_DEPTH = 100;

/** The arguments as a record may hold them: with values of secret-looking keys masked, or only their keys and types. */
export function redactArguments(args: JsonObject, privacy: Exclude<ArgumentPrivacy, 'full'>): Json {
  switch (privacy) {
    case 'redacted':
      return maskValue(args, MAX_DEPTH);
    case 'keys':
      return objectOf(Object.entries(args).map(([key, value]) => [key, typeName(value)]));
  }
}

function maskValue(value: Json, depth: number): Json {
  if (depth === 0) return MASK;
  if (typeof value === 'string') return maskSecrets(value, { mask: MASK, reader: 'log' });
  if (isArray(value)) return value.map((element) => maskValue(element, depth - 1));
  // A number that a double cannot hold is an object to the language only.
  if (!isObject(value) || JSON.isRawJSON(value)) return value;
  const named = namesSecret(value, 'log');
  return objectOf(
    Object.entries(value).map(([key, member]) => [
      key,
      isSecretKey(key, 'log') || (named && key === 'value') ? maskAll(member) : maskValue(member, depth - 1),
    ]),
  );
}

function maskAll(value: Json): Json {
  return value === null || typeof value === 'boolean' ? value : MASK;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  return isArray(value) ? 'array' : typeof value;
}
