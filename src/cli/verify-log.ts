import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import { EMPTY, type Frontier, grown, rootOf, subtreesOf } from '../gateway/audit/tree.ts';
import { GENESIS, linkText } from '../gateway/audit-link.ts';
import { sha256, TREE_HASH } from './log-crypto.ts';
import type { Break, Held } from './seal-book.ts';

export interface Verified {
  readonly records: number;
  readonly writers: number;
  /** How many of the records a checkpoint covers. */
  readonly signed: number;
  /** The first one of each writer: what follows it proves nothing more. */
  readonly breaks: readonly Break[];
}

/** Where a writer's chain stands: what was computed so far. */
interface Stand {
  readonly seq: number;
  readonly hash: string;
  readonly tree: Frontier;
}

interface Followed {
  stand: Stand;
  /** How many of its checkpoints were met. */
  met: number;
  isBroken: boolean;
}

const START: Stand = { seq: 0, hash: GENESIS, tree: EMPTY };

type Checkpoints = ReadonlyMap<string, readonly Held[]>;

/** The checkpoint of each writer from which on is checked: the last one before that time. */
export function startsBefore(time: number, checkpoints: Checkpoints): ReadonlyMap<string, number> {
  const starts = new Map<string, number>();
  for (const [writer, own] of checkpoints) {
    const index = own.findLastIndex(({ at }) => at < time);
    if (index >= 0) starts.set(writer, index);
  }
  return starts;
}

/**
 * Computes every link anew from the one before it, and every tree head that was signed. Without checkpoints a tail that is missing
 * altogether cannot be noticed. `starts` names checkpoints of writers whose earlier links are not among `links`.
 */
export async function verifyLog(
  links: AsyncIterable<StoredLink>,
  checkpoints: Checkpoints,
  starts: ReadonlyMap<string, number>,
): Promise<Verified> {
  const all = new Map<string, Followed>();
  const breaks: Break[] = [];
  let [records, signed] = [0, 0];
  const found = (of: Followed, broken: Break): void => {
    of.isBroken = true;
    breaks.push(broken);
  };
  const begun = (writer: string): Followed => {
    const known = all.get(writer);
    if (known !== undefined) return known;
    const index = starts.get(writer);
    const from = index === undefined ? undefined : checkpoints.get(writer)?.[index];
    const fresh: Followed = {
      stand: from === undefined ? START : standAt(from),
      met: (index ?? -1) + 1,
      isBroken: false,
    };
    all.set(writer, fresh);
    const what = from === undefined ? undefined : frontierFault(from, fresh.stand.tree);
    if (from !== undefined && what !== undefined) found(fresh, { writer, checkpoint: from.n, what });
    return fresh;
  };
  for await (const link of links) {
    records += 1;
    const { writer, seq, id } = link;
    const of = begun(writer);
    if (of.isBroken) continue;
    const what = faultOf(of.stand, link);
    if (what !== undefined) {
      found(of, { writer, seq, id, what });
      continue;
    }
    of.stand = { seq, hash: link.hash, tree: grown(of.stand.tree, TREE_HASH.leaf(link.hash), TREE_HASH) };
    const own = checkpoints.get(writer) ?? [];
    for (let next = own[of.met]; next?.size === seq && !of.isBroken; next = own[of.met]) {
      const broken = headFault(next, of.stand, own[of.met - 1]?.size ?? 0);
      if (broken !== undefined) found(of, { writer, seq, id, checkpoint: next.n, what: broken });
      of.met += 1;
    }
  }
  for (const [writer, own] of checkpoints) {
    const of = begun(writer);
    const next = own[of.met];
    if (next !== undefined && !of.isBroken) found(of, cutOff(writer, of.stand.seq, own.at(-1) ?? next));
    if (!of.isBroken) signed += own.at(-1)?.size ?? 0;
    if (starts.has(writer)) signed -= own[starts.get(writer) ?? 0]?.size ?? 0;
  }
  const writers = [...all.values()].filter(({ stand }) => stand.seq > 0).length;
  return { records, writers, signed: Math.max(0, signed), breaks };
}

function faultOf(stand: Stand, link: StoredLink): string | undefined {
  const expected = stand.seq + 1;
  if (link.seq !== expected) {
    if (stand.seq === 0) return `the chain begins at ${link.seq} instead of 1: records before it are missing`;
    return `the record after ${stand.seq} should be ${expected}: records are missing or out of order`;
  }
  if (sha256(linkText(stand.hash, link)) === link.hash) return undefined;
  return 'the hash differs: this record, or the hash before it, was changed';
}

function headFault(checkpoint: Held, { hash, tree }: Stand, before: number): string | undefined {
  const { n, at, size, head, root, frontier } = checkpoint;
  if (hash !== head || rootOf(tree, TREE_HASH) !== root) {
    const which = size - before > 1 ? `the records ${before + 1} to ${size} are` : `record ${size} is`;
    return `${which} not what checkpoint ${n} of ${timeOf(at)} signed: written anew, with hashes that fit`;
  }
  return frontier === tree.roots.join('') ? undefined : `what is kept beside checkpoint ${n} was changed`;
}

function frontierFault({ n, root, size }: Held, tree: Frontier): string | undefined {
  if (tree.roots.length === subtreesOf(size) && rootOf(tree, TREE_HASH) === root) return undefined;
  return `what is kept beside checkpoint ${n} was changed`;
}

function cutOff(writer: string, seq: number, last: Held): Break {
  const signed = `checkpoint ${last.n} of ${timeOf(last.at)} signed ${last.size}`;
  if (seq === 0)
    return { writer, seq: 1, checkpoint: last.n, what: `all records of this writer are missing: ${signed}` };
  return { writer, seq: seq + 1, checkpoint: last.n, what: `the records from here on are cut off: ${signed}` };
}

function standAt({ size, head, frontier }: Held): Stand {
  return { seq: size, hash: head, tree: { size, roots: frontier.match(/.{1,64}/gs) ?? [] } };
}

export function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
