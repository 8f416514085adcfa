import type { RemovedLink, StoredLink } from '../gateway/audit/audit-ports.ts';
import { EMPTY, type Frontier, grown, rootOf, subtreesOf } from '../gateway/audit/tree.ts';
import { GENESIS, linkText } from '../gateway/audit-link.ts';
import { sha256, TREE_HASH } from './log-crypto.ts';
import type { Break, Held } from './seal-book.ts';

export interface Verified {
  readonly records: number;
  readonly writers: number;
  /** How many of the records a checkpoint covers. */
  readonly signed: number;
  /** How many of the records retention signed away, and did not come to remove yet. */
  readonly leaving: number;
  /** The first one of each writer: what follows it proves nothing more. */
  readonly breaks: readonly Break[];
}

/** Where a writer's chain stands: what was computed so far. */
interface Stand {
  readonly seq: number;
  readonly hash: string;
  /** Undefined between what retention removed and the next checkpoint, which tells it. */
  readonly tree: Frontier | undefined;
}

interface Followed {
  stand: Stand;
  /** The number of the link after which it was begun. */
  readonly base: number;
  /** How many of its checkpoints were met. */
  met: number;
  isBroken: boolean;
}

type Checkpoints = ReadonlyMap<string, readonly Held[]>;

/** What is known of a log before its links are followed. */
export interface Ground {
  readonly checkpoints: Checkpoints;
  /** Checkpoints of writers whose earlier links are not among the links. */
  readonly starts: ReadonlyMap<string, number>;
  /** The last link of each writer that is gone. */
  readonly removed: ReadonlyMap<string, RemovedLink>;
  /** How many links of each writer retention signed away; undefined where what is gone is taken at its word. */
  readonly retained: ReadonlyMap<string, number> | undefined;
}

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
 * altogether cannot be noticed.
 */
export async function verifyLog(links: AsyncIterable<StoredLink>, ground: Ground): Promise<Verified> {
  const { checkpoints, removed, retained } = ground;
  const all = new Map<string, Followed>();
  const breaks: Break[] = [];
  let [records, signed, leaving] = [0, 0, 0];
  const found = (of: Followed, broken: Break): void => {
    of.isBroken = true;
    breaks.push(broken);
  };
  const begun = (writer: string): Followed => {
    const known = all.get(writer);
    if (known !== undefined) return known;
    const { stand, met, broken } = beginningOf(writer, ground);
    const fresh: Followed = { stand, base: stand.seq, met, isBroken: false };
    all.set(writer, fresh);
    if (broken !== undefined) found(fresh, broken);
    return fresh;
  };
  for await (const link of links) {
    records += 1;
    const { writer, seq, id } = link;
    const of = begun(writer);
    if (seq <= (retained?.get(writer) ?? 0)) leaving += 1;
    if (of.isBroken) continue;
    const what = faultOf(of, link);
    if (what !== undefined) {
      found(of, { writer, seq, id, what });
      continue;
    }
    const { tree } = of.stand;
    const grownTree = tree === undefined ? undefined : grown(tree, TREE_HASH.leaf(link.hash), TREE_HASH);
    of.stand = { seq, hash: link.hash, tree: grownTree };
    const own = checkpoints.get(writer) ?? [];
    for (let next = own[of.met]; next?.size === seq && !of.isBroken; next = own[of.met]) {
      const broken = headFault(next, of.stand, own[of.met - 1]?.size ?? 0);
      if (broken !== undefined) found(of, { writer, seq, id, checkpoint: next.n, what: broken });
      of.stand = standAt(next);
      of.met += 1;
    }
  }
  for (const writer of new Set([...checkpoints.keys(), ...removed.keys()])) {
    const of = begun(writer);
    const own = checkpoints.get(writer) ?? [];
    const next = own[of.met];
    if (next !== undefined && !of.isBroken) found(of, cutOff(writer, of, own.at(-1) ?? next));
    if (!of.isBroken) signed += (own.at(-1)?.size ?? of.base) - of.base;
  }
  const writers = [...all].filter(([writer, { stand }]) => stand.seq > (removed.get(writer)?.seq ?? 0)).length;
  return { records, writers, signed, leaving, breaks };
}

interface Beginning {
  readonly stand: Stand;
  readonly met: number;
  readonly broken?: Break | undefined;
}

/** Where the links of a writer begin: at its first, after a checkpoint, or after what retention removed, whatever is later. */
function beginningOf(writer: string, { checkpoints, starts, removed, retained }: Ground): Beginning {
  const own = checkpoints.get(writer) ?? [];
  const index = starts.get(writer) ?? -1;
  const from = own[index];
  const gone = removed.get(writer) ?? { seq: 0, hash: GENESIS };
  const met = own.findLastIndex(({ size }) => size <= gone.seq);
  const last = own[met];
  const bare: Beginning = { stand: { ...gone, tree: gone.seq === 0 ? EMPTY : undefined }, met: met + 1 };
  const covered = retained === undefined ? gone.seq : (retained.get(writer) ?? 0);
  if (gone.seq > covered) {
    const what = `the records from here to ${gone.seq} are missing, and no seal of retention says that they were removed`;
    return { ...bare, broken: { writer, seq: covered + 1, what } };
  }
  if (from !== undefined && from.size >= gone.seq) return afterCheckpoint(writer, from, index);
  // Their links are gone, and nothing else would tell.
  for (const one of own.slice(0, met + 1)) {
    const what = frontierFault(one);
    if (what !== undefined) return { ...bare, broken: { writer, checkpoint: one.n, what } };
  }
  if (last?.size !== gone.seq) return bare;
  if (last.head === gone.hash) return afterCheckpoint(writer, last, met);
  return {
    ...bare,
    broken: { writer, seq: gone.seq, what: 'what is kept of the last record that retention removed was changed' },
  };
}

function afterCheckpoint(writer: string, from: Held, index: number): Beginning {
  const what = frontierFault(from);
  const broken = what === undefined ? undefined : { writer, checkpoint: from.n, what };
  return { stand: standAt(from), met: index + 1, broken };
}

function faultOf({ stand, base }: Followed, link: StoredLink): string | undefined {
  const expected = stand.seq + 1;
  if (link.seq !== expected) {
    if (stand.seq === base)
      return `the chain begins at ${link.seq} instead of ${expected}: records before it are missing`;
    return `the record after ${stand.seq} should be ${expected}: records are missing or out of order`;
  }
  if (sha256(linkText(stand.hash, link)) === link.hash) return undefined;
  return 'the hash differs: this record, or the hash before it, was changed';
}

function headFault(checkpoint: Held, { hash, tree }: Stand, before: number): string | undefined {
  const { n, at, size, head, root, frontier } = checkpoint;
  if (hash !== head || (tree !== undefined && rootOf(tree, TREE_HASH) !== root)) {
    const which = size - before > 1 ? `the records ${before + 1} to ${size} are` : `record ${size} is`;
    return `${which} not what checkpoint ${n} of ${timeOf(at)} signed: written anew, with hashes that fit`;
  }
  if (tree === undefined) return frontierFault(checkpoint);
  return frontier === tree.roots.join('') ? undefined : `what is kept beside checkpoint ${n} was changed`;
}

function frontierFault(checkpoint: Held): string | undefined {
  const { n, root, size } = checkpoint;
  const { roots } = treeAt(checkpoint);
  if (roots.length === subtreesOf(size) && rootOf({ size, roots }, TREE_HASH) === root) return undefined;
  return `what is kept beside checkpoint ${n} was changed`;
}

function cutOff(writer: string, { stand: { seq }, base }: Followed, last: Held): Break {
  const signed = `checkpoint ${last.n} of ${timeOf(last.at)} signed ${last.size}`;
  if (seq === 0)
    return { writer, seq: 1, checkpoint: last.n, what: `all records of this writer are missing: ${signed}` };
  const what = seq === base ? 'all records from here on are missing' : 'the records from here on are cut off';
  return { writer, seq: seq + 1, checkpoint: last.n, what: `${what}: ${signed}` };
}

/** The tree that a checkpoint signed, as it is kept beside it. */
export function treeAt({ size, frontier }: Held): Frontier {
  return { size, roots: frontier.match(/.{1,64}/gs) ?? [] };
}

function standAt(checkpoint: Held): Stand {
  return { seq: checkpoint.size, hash: checkpoint.head, tree: treeAt(checkpoint) };
}

export function timeOf(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString();
}
