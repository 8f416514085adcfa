import { hash } from 'node:crypto';

/** A line as it was exported, in the texts that its hash covers. */
export interface ExportedLink {
  readonly writer: string;
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  readonly at: number;
  readonly hash: string;
  readonly limits: string;
  readonly body: string;
}

/** Reads a line by docs/reference/export.md alone; undefined for one that is torn. */
export function linkIn(line: string): ExportedLink | undefined {
  try {
    JSON.parse(line);
  } catch {
    return undefined;
  }
  const place = line.indexOf(',"limits":');
  const after = line.indexOf(',"body":', place);
  const head = JSON.parse(`${line.slice(0, place)}}`) as Omit<ExportedLink, 'limits' | 'body'>;
  return { ...head, limits: line.slice(place + 10, after), body: line.slice(after + 8, -1) };
}

/** What a receiver has of the log. */
export interface Received {
  /** Each once, in the order in which they came first; writer by writer. */
  readonly writers: ReadonlyMap<string, readonly ExportedLink[]>;
  /** How many came more than once. */
  readonly doubles: number;
}

/** Drops what came twice, as a receiver does, and throws unless what remains of every writer is whole, in order and hashed right. */
export function checkedLinks(links: readonly ExportedLink[]): Received {
  const writers = new Map<string, ExportedLink[]>();
  let doubles = 0;
  for (const link of links) {
    const known = writers.get(link.writer) ?? [];
    writers.set(link.writer, known);
    const before = known.at(-1);
    if (before !== undefined && link.seq <= before.seq) {
      if (known[link.seq - (known[0]?.seq ?? 0)]?.hash !== link.hash) throw new Error(`two of ${link.seq}`);
      doubles += 1;
      continue;
    }
    if (link.seq !== (before?.seq ?? link.seq - 1) + 1)
      throw new Error(`${link.writer}: ${link.seq} after ${before?.seq}`);
    const previous = before?.hash ?? (link.seq === 1 ? '0'.repeat(64) : undefined);
    const { writer, seq, id, kind, at, limits, body } = link;
    const text = [previous, writer, seq, id, kind, at, limits, body].join('\n');
    if (previous !== undefined && hash('sha256', text, 'hex') !== link.hash)
      throw new Error(`${writer} ${seq}: its hash`);
    known.push(link);
  }
  return { writers, doubles };
}

/** All that came, of every writer. */
export function countOf({ writers }: Received): number {
  return [...writers.values()].reduce((sum, links) => sum + links.length, 0);
}
