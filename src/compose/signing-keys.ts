import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import { existsSync, linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CheckpointPace, Signer, SigningKey } from '../gateway/audit/audit-ports.ts';
import { StoreFault } from '../gateway/ports.ts';
import { DEFAULT_PACE } from '../settings/checkpoint-bounds.ts';
import { makeDataFolder } from './data-folder.ts';

const KEY_FILE = 'audit-signing.key';
const NEXT_FILE = 'audit-signing.key.next';
const PUBLIC_FILE = 'audit-signing.pub';

const signed = promisify(sign);

/** The keys of a data folder that sign its log: made when there is none, and read anew for every checkpoint. */
function signingKeys(folder: string): Signer {
  let known: { readonly pem: string; readonly key: SigningKey } | undefined;
  const read = async (name: string): Promise<SigningKey | undefined> => {
    const pem = await textOf(join(folder, name));
    if (pem === undefined) return undefined;
    if (known?.pem !== pem) known = { pem, key: signingKey(join(folder, name), pem) };
    return known.key;
  };
  return {
    async key(id) {
      if (id === undefined) make(folder, KEY_FILE);
      const key = await read(KEY_FILE);
      if (key !== undefined && (id === undefined || key.id === id)) return published(folder, key);
      const next = await read(NEXT_FILE);
      if (next !== undefined && next.id === id) {
        // Whoever changed the key ended, or has not come to it yet, before it was in its place.
        putInPlace(folder);
        return published(folder, next);
      }
      // It may have come to its place while this looked.
      const again = await read(KEY_FILE);
      if (again === undefined || again.id !== id) throw new StoreFault(lost(folder, id, again));
      return published(folder, again);
    },
  };
}

/** What a store needs to sign its log. */
export function checkpointsBy(
  folder: string,
  pace: CheckpointPace = DEFAULT_PACE,
): { readonly signer: Signer; readonly pace: CheckpointPace } {
  return { signer: signingKeys(folder), pace };
}

/**
 * Gives the key that is to sign next, and makes it if it is not there yet; `putInPlace` makes it the one that signs. INVARIANT: one that is there is
 * never replaced: another process may have had it introduced already.
 */
export async function nextKey(folder: string): Promise<SigningKey> {
  const file = join(folder, NEXT_FILE);
  for (;;) {
    make(folder, NEXT_FILE);
    const pem = await textOf(file);
    // Between the two it may have been put in its place by whoever had it introduced.
    if (pem !== undefined) return signingKey(file, pem);
  }
}

export function putInPlace(folder: string): void {
  try {
    renameSync(join(folder, NEXT_FILE), join(folder, KEY_FILE));
  } catch (error) {
    // Another process did the same.
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

function keyId(bytes: string): string {
  return createHash('sha256').update(Buffer.from(bytes, 'hex')).digest('hex');
}

function lost(folder: string, id: string | undefined, found: SigningKey | undefined): string {
  const file = join(folder, KEY_FILE);
  const what = found === undefined ? 'is missing' : `is another key (${found.id.slice(0, 16)})`;
  return `${file} ${what}: the checkpoints of this log are signed by key ${String(id).slice(0, 16)}; restore it from a backup, or start with another data folder`;
}

/** Written whole under another name first, so that nobody ever reads half a key; the first of several processes wins. */
function make(folder: string, name: string): void {
  makeDataFolder(folder);
  const file = join(folder, name);
  if (existsSync(file)) return;
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, newPem(), { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function newPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function signingKey(file: string, pem: string): SigningKey {
  const key = privateKey(file, pem);
  const bytes = Buffer.from(String(createPublicKey(key).export({ format: 'jwk' }).x), 'base64url').toString('hex');
  return {
    id: keyId(bytes),
    public: bytes,
    sign: async (text) => (await signed(null, Buffer.from(text, 'utf8'), key)).toString('hex'),
  };
}

function privateKey(file: string, pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {}
  throw new StoreFault(`${file} is no Ed25519 key in PEM; restore it from a backup`);
}

/** The public half beside it, for whoever checks the log. */
async function published(folder: string, key: SigningKey): Promise<SigningKey> {
  const file = join(folder, PUBLIC_FILE);
  const pem = publicPem(key.public);
  if ((await textOf(file)) !== pem) replaceFile(file, pem);
  return key;
}

function publicPem(bytes: string): string {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(bytes, 'hex').toString('base64url') };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString();
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoreFault(`${file} cannot be read (${code ?? 'failed'}); let the gateway's account read it`, {
      cause: error,
    });
  }
}
