import { createHmac, createSecretKey, type KeyObject, randomBytes, randomFillSync } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Crypto } from '../gateway/ports.ts';
import { makeDataFolder } from './data-folder.ts';

const KEY_FILE = 'digest.key';
const KEY_BYTES = 32;
const ID_BYTES = 16;
/** Asking the system for randomness costs more than an id: it is fetched for so many at once. */
const IDS_AT_ONCE = 256;

/** Ids from the system's random source, and digests under a key that is made once for a data folder. */
export function systemCrypto(folder: string): Crypto {
  const key = digestKey(folder);
  return { id: idSource(), digest: digestUnder(key) };
}

/** The digests of a folder, for who only reads it; undefined where its key cannot be read. */
export function readDigest(folder: string): Crypto['digest'] | undefined {
  try {
    const key = readFileSync(join(folder, KEY_FILE));
    return key.length === KEY_BYTES ? digestUnder(createSecretKey(key)) : undefined;
  } catch {
    return undefined;
  }
}

function digestUnder(key: KeyObject): Crypto['digest'] {
  return (text) => createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** Random texts, none of which begins with a dash: a command line would take it for an option. */
function idSource(): () => string {
  const pool = Buffer.alloc(ID_BYTES * IDS_AT_ONCE);
  let used = pool.length;
  const next = (): string => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const from = used;
    used += ID_BYTES;
    return pool.toString('base64url', from, used);
  };
  return () => {
    let id = next();
    while (id.startsWith('-')) id = next();
    return id;
  };
}

/** Reads the folder's key, or makes it: written whole under another name first, so that nobody ever reads half a key. */
function digestKey(folder: string): KeyObject {
  makeDataFolder(folder);
  const file = join(folder, KEY_FILE);
  const draft = `${file}.${randomBytes(8).toString('hex')}`;
  writeFileSync(draft, randomBytes(KEY_BYTES), { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  const key = readFileSync(file);
  if (key.length !== KEY_BYTES) throw new Error(`${file} is not a key of ${KEY_BYTES} bytes; restore it from a backup`);
  return createSecretKey(key);
}
