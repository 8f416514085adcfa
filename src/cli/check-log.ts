import type { AuditLog, RemovedLink } from '../gateway/audit/audit-ports.ts';
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
  readonly gone: readonly Gone[];
  /** How many records that the head covers were removed by a retention that was signed after it. */
  readonly goneSinceHead: number;
}

/** What retention removed, as far as it is signed. */
interface Gone {
  readonly writer: string;
  readonly records: number;
  /** When the last of them was signed, and when it was signed that they go (ms). */
  readonly until: number;
  readonly at: number;
}

/** Checks a log: its chains, its checkpoints, and what is known of it from outside. */
export async function checkLog(log: AuditLog, { since, key, head }: Wanted): Promise<Checked> {
  // Retention must not remove what is being looked at.
  await log.freeze();
  const seals = log.seals();
  const book = seals === undefined ? undefined : await readSeals(seals);
  const checkpoints: SealBook['checkpoints'] = book?.checkpoints ?? new Map();
  const removed = await log.removed();
  const retained = new Map([...(book?.retentions ?? [])].map(([writer, own]) => [writer, own.at(-1)?.size ?? 0]));
  const starts = since === undefined ? new Map<string, number>() : startsBefore(since, checkpoints);
  const after = new Map([...starts].map(([writer, index]) => [writer, checkpoints.get(writer)?.[index]?.size ?? 0]));
  const verified = await verifyLog(log.links(after), { checkpoints, starts, removed, retained });
  const found = [
    book?.fault ?? whyUnsigned(book, verified),
    key === undefined ? undefined : whyNotOf(key, book),
    head === undefined ? undefined : againstHead(book, head),
  ];
  return {
    ...verified,
    book,
    gone: book === undefined ? [] : goneOf(book, removed),
    goneSinceHead: book === undefined || head === undefined ? 0 : goneSince(head.seal.n, book),
    breaks: [...verified.breaks, ...found.filter((one) => one !== undefined)],
  };
}

function goneOf({ retentions }: SealBook, removed: ReadonlyMap<string, RemovedLink>): readonly Gone[] {
  return [...retentions].flatMap(([writer, own]) => {
    const last = own.at(-1);
    const records = removed.get(writer)?.seq ?? 0;
    return last === undefined ? [] : [{ writer, records, until: last.checkpoint.at, at: last.at }];
  });
}

/** What the seals after this one removed of what the seals up to it cover. */
function goneSince(n: number, { checkpoints, retentions }: SealBook): number {
  return [...retentions].reduce((sum, [writer, own]) => {
    const covered = checkpoints.get(writer)?.findLast((one) => one.n <= n)?.size ?? 0;
    const before = own.findLast((one) => one.n <= n)?.size ?? 0;
    return sum + Math.max(0, Math.min(covered, own.at(-1)?.size ?? 0) - before);
  }, 0);
}

function whyUnsigned(book: SealBook | undefined, { records }: Verified): Break | undefined {
  if (book === undefined || book.hashes.length > 0 || records === 0) return undefined;
  return { checkpoint: 1, what: 'there are records, and nothing that a key signed: all checkpoints were removed' };
}

function whyNotOf(key: string, book: SealBook | undefined): Break | undefined {
  if (book?.signers.has(keyId(key))) return undefined;
  return { what: `the key of --public-key (${keyId(key)}) signed nothing in this log that holds` };
}
