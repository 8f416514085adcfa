/** What an `Authorization` header holds. */
export type Authorization =
  | { readonly kind: 'none' }
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'passphrase'; readonly name: string; readonly passphrase: string }
  | { readonly kind: 'fault'; readonly reason: string };

/** Characters. */
const LONGEST_SECRET = 4096;

/** Reads `Bearer TOKEN` or `Basic base64(NAME:PASSPHRASE)`. */
export function readAuthorization(header: string | undefined): Authorization {
  if (header === undefined) return { kind: 'none' };
  const match = /^(Bearer|Basic) +([\x21-\x7e]+)$/i.exec(header);
  const [, scheme = '', value = ''] = match ?? [];
  if (match === null || value.length > LONGEST_SECRET * 2) return NEITHER;
  return scheme.toLowerCase() === 'bearer' ? bearer(value) : basic(value);
}

const NEITHER: Authorization = { kind: 'fault', reason: 'the Authorization header is neither Bearer nor Basic' };

function bearer(token: string): Authorization {
  return token.length > LONGEST_SECRET ? NEITHER : { kind: 'token', token };
}

function basic(value: string): Authorization {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return NEITHER;
  const text = textOf(Buffer.from(value, 'base64'));
  const colon = text?.indexOf(':') ?? -1;
  if (text === undefined || colon < 1) return NEITHER;
  const [name, passphrase] = [text.slice(0, colon), text.slice(colon + 1)];
  return passphrase.length > LONGEST_SECRET ? NEITHER : { kind: 'passphrase', name, passphrase };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
