import { isSignature, readSeal, type Seal, type SignedText, sealedText } from '../gateway/audit/seal.ts';
import type { JsonObject } from '../wire/json.ts';
import { isSignedBy, keyId, sha256 } from './log-crypto.ts';
import { UsageFault } from './options.ts';
import type { Break, SealBook } from './seal-book.ts';
import { timeOf } from './verify-log.ts';

const FORMAT = 'toolgate-head-1';
const KEY = /^[0-9a-f]{64}$/;

/** A head as it was exported: the last seal of a log, which binds all before it. */
export interface HeadFile {
  readonly stored: SignedText;
  readonly seal: Seal;
}

export function headText({ stored, public: bytes }: NonNullable<SealBook['last']>): string {
  const { body, signature } = stored;
  return `${JSON.stringify({ format: FORMAT, body, signature, public: bytes }, undefined, 2)}\n`;
}

/** Reads what `headText` wrote. Throws `UsageFault` for what is no head, or none that its key signed. */
export function readHead(value: JsonObject): HeadFile {
  const { format, body, signature, public: bytes } = value;
  if (format !== FORMAT || typeof body !== 'string' || typeof signature !== 'string' || typeof bytes !== 'string') {
    throw new UsageFault('--against names no head as toolgate audit head writes it');
  }
  const seal = readSeal(body);
  const isWhole = seal !== undefined && isSignature(signature) && KEY.test(bytes) && keyId(bytes) === seal.key;
  if (!isWhole || !isSignedBy(bytes, body, signature)) {
    throw new UsageFault('--against: the signature of this head is wrong, so it tells nothing');
  }
  return { stored: { body, signature }, seal };
}

/** What the log lacks of that head, or has otherwise. */
export function againstHead(book: SealBook | undefined, { seal, stored }: HeadFile): Break | undefined {
  const { hashes = [], last } = book ?? {};
  const { n, at } = seal;
  const own = hashes[n - 1];
  if (own === sha256(sealedText(stored))) return undefined;
  if (own !== undefined) {
    return { checkpoint: n, what: `it is not the one of the exported head (${timeOf(at)}): the log was written anew` };
  }
  const end = last === undefined ? 'the log has no checkpoint' : `the last that holds is ${last.seal.n}`;
  return { checkpoint: n, what: `the exported head (${timeOf(at)}) is not reached, ${end}: the log was cut off` };
}
