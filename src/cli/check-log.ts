import type { AuditLog } from '../gateway/audit/audit-ports.ts';
import { againstHead, type HeadFile } from './head-file.ts';
import { keyId } from './log-crypto.ts';
import { type Break, readSeals, type SealBook } from './seal-book.ts';
import { startsBefore, type Verified, verifyLog } from './verify-log.ts';

/** What is to be checked, and what of it is known from outside of the data folder. */
export interface Wanted {
  /** Only what was signed and written after the last checkpoints before this time. */
  readonly since: number | undefined;
  /** A public key that must have signed, in hex. */
  readonly key: string | undefined;
  readonly head: HeadFile | undefined;
}

export interface Checked extends Verified {
  /** Undefined in a log of a version that signed nothing. */
  readonly book: SealBook | undefined;
}

/** Checks a log: its chains, its checkpoints, and what is known of it from outside. */
export async function checkLog(log: AuditLog, { since, key, head }: Wanted): Promise<Checked> {
  const seals = log.seals();
  // Before the links, beside a running gateway: what these checkpoints cover is there by then.
  const book = seals === undefined ? undefined : await readSeals(seals);
  const checkpoints: SealBook['checkpoints'] = book?.checkpoints ?? new Map();
  const starts = since === undefined ? new Map<string, number>() : startsBefore(since, checkpoints);
  const after = new Map([...starts].map(([writer, index]) => [writer, checkpoints.get(writer)?.[index]?.size ?? 0]));
  const verified = await verifyLog(log.links(after), checkpoints, starts);
  const found = [
    book?.fault ?? whyUnsigned(book, verified),
    key === undefined ? undefined : whyNotOf(key, book),
    head === undefined ? undefined : againstHead(book, head),
  ];
  return { ...verified, book, breaks: [...verified.breaks, ...found.filter((one) => one !== undefined)] };
}

function whyUnsigned(book: SealBook | undefined, { records }: Verified): Break | undefined {
  if (book === undefined || book.hashes.length > 0 || records === 0) return undefined;
  return { checkpoint: 1, what: 'there are records, and nothing that a key signed: all checkpoints were removed' };
}

function whyNotOf(key: string, book: SealBook | undefined): Break | undefined {
  if (book?.signers.has(keyId(key))) return undefined;
  return { what: `the key of --public-key (${keyId(key)}) signed nothing in this log that holds` };
}
