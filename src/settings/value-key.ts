/** What a text must be to seal values; no part of it is repeated. */
export const VALUE_KEY_RULE = 'a key has 32 bytes in hex or base64; make one with "openssl rand -hex 32"';

/** The 32 bytes in a text, as hexadecimal or base64; undefined for anything else. */
export function valueKeyIn(text: string): Buffer | undefined {
  const plain = text.trim();
  if (/^[0-9a-f]{64}$/i.test(plain)) return Buffer.from(plain, 'hex');
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(plain) ? Buffer.from(plain, 'base64') : undefined;
}
