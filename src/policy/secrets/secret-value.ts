import type { Reader } from './secret-key.ts';

/** How a value stands in a text beside the key that makes it a secret. */
export type Setting =
  /** A member of JSON or the like, whose value is a text. */
  | 'member'
  /** `key: value` on a line of its own, or in quotes. */
  | 'line'
  /** `key=value` in a query or a form, or in capitals as environments have it. */
  | 'pair'
  /** `key = value` as it stands in programs too. */
  | 'code';

const PLACEHOLDER =
  /^(?:\[redacted\]|[•*.x]+|<[^>]*>?|\$\{?[\w.]*\}?|\{\{[^}]*\}?\}?|%\w+%?|null|none|true|false|undefined|string|required|optional)$/i;
/** Headers whose value is nothing but a secret, and may hold spaces. */
const HEADER =
  /^(?:proxy-)?authorization$|^(?:set-)?cookie$|^x-[a-z-]*(?:key|token|auth|secret)$|^(?:api|private)-(?:key|token)$/i;
/** A word without digits, or the beginning of an expression: `process.env.KEY`, `getToken()`, `string`. */
const CODE = /^[^\w]*$|^[A-Za-z_$.?|!:;,<>()[\]{}-]+$|^[A-Za-z_$][\w$]*(?:[([]|\.[A-Za-z_$]|\?\.)/;

/** Whether the value of a secret's key is a secret itself; for the log everything is. */
export function isSecretValue(key: string, value: string, setting: Setting, reader: Reader): boolean {
  if (reader === 'log') return true;
  const bare = value.replace(/[,;]$/, '').replace(/^(["'])(.*)\1$/s, '$2');
  if (bare === '' || PLACEHOLDER.test(bare) || isWorkingFolder(key, bare)) return false;
  if (setting === 'member' || setting === 'pair') return true;
  if (HEADER.test(key)) return /[0-9=]|\S{16}/.test(bare) || isCredentialOfScheme(bare);
  const isQuoted = bare.length + 2 <= value.length && /^["']/.test(value);
  return isQuoted || (!/\s/.test(bare) && !CODE.test(bare));
}

/** `PWD` is also where a shell stands. */
function isWorkingFolder(key: string, value: string): boolean {
  return /^(?:old)?pwd$/i.test(key) && /^[/~]|^[A-Za-z]:\\/.test(value);
}

/** `Basic dXNlcjpwYXNz`, but not `Bearer <TOKEN>` or `required`. */
function isCredentialOfScheme(value: string): boolean {
  const scheme = /^(?:basic|bearer|digest|token) +/i.exec(value)?.[0];
  if (scheme === undefined) return false;
  const credential = value.slice(scheme.length);
  return /^[\w.~+/=-]+$/.test(credential) && /[A-Z]/.test(credential);
}
