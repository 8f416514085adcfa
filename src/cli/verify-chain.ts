import { GENESIS, linkText } from '../gateway/audit-link.ts';
import type { StoredRecord } from '../gateway/ports.ts';

/** The first break in a writer's chain; what follows it proves nothing more. */
interface Break {
  readonly writer: string;
  readonly seq: number;
  readonly what: string;
}

export interface Verified {
  readonly records: number;
  readonly writers: number;
  readonly breaks: readonly Break[];
}

interface Head {
  readonly seq: number;
  readonly hash: string;
  readonly broken: boolean;
}

const START: Head = { seq: 0, hash: GENESIS, broken: false };

/**
 * Computes every link anew from the one before it; `sha256` gives lower-case hex. A tail that is missing altogether leaves
 * a chain that is whole as far as it goes, and cannot be noticed here.
 */
export async function verifyChain(
  links: AsyncIterable<StoredRecord>,
  sha256: (text: string) => string,
): Promise<Verified> {
  const heads = new Map<string, Head>();
  const breaks: Break[] = [];
  let records = 0;
  for await (const link of links) {
    records++;
    const head = heads.get(link.writer) ?? START;
    const what = head.broken ? undefined : faultOf(head, link, sha256);
    if (what !== undefined) breaks.push({ writer: link.writer, seq: link.seq, what });
    heads.set(link.writer, { seq: link.seq, hash: link.hash, broken: head.broken || what !== undefined });
  }
  return { records, writers: heads.size, breaks };
}

function faultOf(head: Head, link: StoredRecord, sha256: (text: string) => string): string | undefined {
  const expected = head.seq + 1;
  if (link.seq !== expected) {
    if (head.seq === 0) return `the chain begins at ${link.seq} instead of 1: records before it are missing`;
    return `the record after ${head.seq} should be ${expected}: records are missing or out of order`;
  }
  if (sha256(linkText(head.hash, link)) === link.hash) return undefined;
  return 'the hash differs: this record, or the hash before it, was changed';
}
