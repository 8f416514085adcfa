import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import type { TreeHash } from '../gateway/audit/tree.ts';

/** Lower-case hex SHA-256 of a text in UTF-8. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

export const TREE_HASH: TreeHash = {
  leaf: (link) => hash('sha256', Buffer.from(`00${link}`, 'hex'), 'hex'),
  node: (left, right) => hash('sha256', Buffer.from(`01${left}${right}`, 'hex'), 'hex'),
};

/** The id of a key: SHA-256 of its 32 bytes, given in hex. */
export function keyId(bytes: string): string {
  return hash('sha256', Buffer.from(bytes, 'hex'), 'hex');
}

/** Whether this Ed25519 key (32 bytes, hex) signed the text (64 bytes, hex). */
export function isSignedBy(bytes: string, text: string, signature: string): boolean {
  try {
    const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes, 'hex').toString('base64url') };
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    return verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'hex'));
  } catch {
    return false;
  }
}

/** The 32 bytes of a public key in PEM, in hex; undefined for what is none, and for a private one. */
export function publicKeyIn(pem: string): string | undefined {
  if (!pem.includes('PUBLIC KEY')) return undefined;
  try {
    const key: KeyObject = createPublicKey(pem);
    if (key.asymmetricKeyType !== 'ed25519') return undefined;
    return Buffer.from(String(key.export({ format: 'jwk' }).x), 'base64url').toString('hex');
  } catch {
    return undefined;
  }
}
