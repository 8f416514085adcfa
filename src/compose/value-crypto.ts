import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { ValueOpener, ValueSealer, WrappedKey } from '../gateway/audit/audit-ports.ts';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const ID_BYTES = 16;

/** A key of the configuration, which seals the keys that seal values. */
export interface MasterKey {
  /** The first 16 characters of the key's SHA-256, in hex. */
  readonly id: string;
  readonly bytes: Uint8Array;
}

export function masterKey(bytes: Uint8Array): MasterKey {
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 16), bytes };
}

/** Seals under a fresh key. INVARIANT: no other process ever seals with it, so counting nonces never repeats one. */
export function valueSealer(master: MasterKey): ValueSealer {
  const bytes = randomBytes(KEY_BYTES);
  const key = wrap({ id: randomBytes(ID_BYTES).toString('hex'), bytes }, master);
  let used = 0n;
  return {
    key,
    seal(record, text) {
      const nonce = Buffer.alloc(NONCE_BYTES);
      used += 1n;
      nonce.writeBigUInt64BE(used, NONCE_BYTES - 8);
      return sealed(bytes, nonce, record, Buffer.from(text, 'utf8'));
    },
  };
}

/** Opens values with these keys of the configuration. What was opened of their keys is kept in memory. */
export function valueOpener(masters: readonly MasterKey[]): ValueOpener {
  const known = new Map<string, Uint8Array | 'locked' | 'broken'>();
  const keyOf = (key: WrappedKey): Uint8Array | 'locked' | 'broken' => {
    const name = `${key.id} ${key.master}`;
    const found = known.get(name) ?? unwrap(key, masters);
    known.set(name, found);
    return found;
  };
  return {
    open(record, { key, sealed: bytes }) {
      const opened = keyOf(key);
      if (typeof opened === 'string') return opened;
      const text = unsealed(opened, record, bytes);
      return text === undefined ? 'broken' : { text: Buffer.from(text).toString('utf8') };
    },
  };
}

/** The same key, wrapped by `next`; undefined if it is already, or none of `masters` opens it. */
export function rewrapped(key: WrappedKey, masters: readonly MasterKey[], next: MasterKey): WrappedKey | undefined {
  if (key.master === next.id) return undefined;
  const bytes = unwrap(key, masters);
  return typeof bytes === 'string' ? undefined : wrap({ id: key.id, bytes }, next);
}

function wrap({ id, bytes }: { readonly id: string; readonly bytes: Uint8Array }, master: MasterKey): WrappedKey {
  return { id, master: master.id, wrapped: sealed(master.bytes, randomBytes(NONCE_BYTES), id, bytes) };
}

function unwrap(key: WrappedKey, masters: readonly MasterKey[]): Uint8Array | 'locked' | 'broken' {
  const master = masters.find(({ id }) => id === key.master);
  if (master === undefined) return 'locked';
  return unsealed(master.bytes, key.id, key.wrapped) ?? 'broken';
}

/** Nonce, ciphertext, tag. `about` is bound to it and must be the same to open it. */
function sealed(key: Uint8Array, nonce: Uint8Array, about: string, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about, 'utf8'));
  const first = cipher.update(plain);
  const last = cipher.final();
  return Buffer.concat([nonce, first, last, cipher.getAuthTag()]);
}

function unsealed(key: Uint8Array, about: string, bytes: Uint8Array): Uint8Array | undefined {
  const end = bytes.length - TAG_BYTES;
  if (end < NONCE_BYTES) return undefined;
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(about, 'utf8'));
  decipher.setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}
