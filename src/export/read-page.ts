import type { LogReading } from '../gateway/audit/audit-ports.ts';
import type { StoredRecord } from '../gateway/ports.ts';

/** Records after a place, as they are written for a receiver. */
export interface Page {
  readonly written: readonly string[];
  /** The first of them, by which it can be found in the log. */
  readonly first: StoredRecord;
  /** The place of the last of them. */
  readonly to: number;
  /** Whether the log goes on after them. */
  readonly isLast: boolean;
}

/** So many are read, and written, in one turn of the event loop: calls have theirs between. */
const AT_ONCE = 10;

/** Reads on from a place: at most so many records, and no more bytes than so many, but one record always. Undefined where the log ends. */
export async function readPage(
  log: Pick<LogReading, 'after'>,
  place: number,
  most: { readonly records: number; readonly bytes: number },
  write: (record: StoredRecord) => string,
): Promise<Page | undefined> {
  const written: string[] = [];
  let bytes = 0;
  let first: StoredRecord | undefined;
  let to = place;
  let isLast = false;
  let isFull = false;
  while (!isFull && !isLast) {
    const wanted = Math.min(AT_ONCE, most.records - written.length);
    const records = await log.after(to, wanted);
    isLast = records.length < wanted;
    for (const record of records) {
      const text = write(record);
      const more = Buffer.byteLength(text);
      isFull = first !== undefined && bytes + more > most.bytes;
      if (isFull) break;
      first ??= record;
      written.push(text);
      bytes += more;
      to = record.n;
    }
    if (written.length >= most.records) isFull = true;
  }
  return first === undefined ? undefined : { written, first, to, isLast: isLast && !isFull };
}
