import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** What one guess costs: about a third of a second, and 128 MiB. */
const COST: Cost = { N: 2 ** 17, r: 8, p: 1 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** No configuration may make one attempt take more memory than this. */
const MAX_MEMORY = 256 * 1024 * 1024;
export const MIN_PASSPHRASE = 12;
export const MAX_PASSPHRASE = 1024;

/** `scrypt:N:r:p:SALT:HASH`, the last two in base64url. */
export const PASSPHRASE_HASH: RegExp =
  /^scrypt:(\d{5,6}):(\d{1,2}):(\d):([A-Za-z0-9_-]{22,86}):([A-Za-z0-9_-]{43,86})$/;

interface Cost {
  readonly N: number;
  readonly r: number;
  readonly p: number;
}

interface Parts {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** The scrypt hash of a passphrase with a fresh salt, as the configuration keeps it. */
export async function hashPassphrase(text: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(text, salt, HASH_BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64url'), hash.toString('base64url')].join(':');
}

/** Whether this is the passphrase of the hash; never for a text that is no such hash. Takes as long for a wrong one as for the right one. */
export async function isPassphrase(text: string, hash: string): Promise<boolean> {
  const parts = partsOf(hash);
  if (parts === undefined || text.length > MAX_PASSPHRASE) return false;
  const derived = await derive(text, parts.salt, parts.hash.length, parts.cost);
  return timingSafeEqual(derived, parts.hash);
}

/** Whether a text is a hash that can be held against a passphrase, neither cheap to guess nor dear to check. */
export function isPassphraseHash(text: string): boolean {
  return partsOf(text) !== undefined;
}

function partsOf(text: string): Parts | undefined {
  const [, n = '', r = '', p = '', salt = '', hash = ''] = PASSPHRASE_HASH.exec(text) ?? [];
  const cost: Cost = { N: Number(n), r: Number(r), p: Number(p) };
  return isFair(cost)
    ? { cost, salt: Buffer.from(salt, 'base64url'), hash: Buffer.from(hash, 'base64url') }
    : undefined;
}

function isFair({ N, r, p }: Cost): boolean {
  const isPower = N >= 2 ** 14 && (N & (N - 1)) === 0;
  return isPower && r >= 8 && p >= 1 && p <= 4 && memoryOf({ N, r, p }) <= MAX_MEMORY;
}

function memoryOf({ N, r }: Cost): number {
  return 128 * N * r;
}

/** One passphrase can be typed as different characters that look the same: the keyboard decides. They count as one. */
function derive(text: string, salt: Buffer, length: number, cost: Cost): Promise<Buffer> {
  // OpenSSL counts a little beside the memory proper.
  const maxmem = memoryOf(cost) + 1024 * 1024;
  return new Promise((resolve, reject) => {
    scrypt(text.normalize('NFC'), salt, length, { ...cost, maxmem }, (fault, derived) => {
      if (fault === null) resolve(derived);
      else reject(fault);
    });
  });
}
