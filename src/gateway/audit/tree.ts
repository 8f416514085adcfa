/** The two hashes of a tree: lower-case hex in, lower-case hex SHA-256 out. */
export interface TreeHash {
  /** SHA-256 of the byte 0x00 and the 32 bytes of a link's hash. */
  leaf(link: string): string;
  /** SHA-256 of the byte 0x01 and the hashes of both sides. */
  node(left: string, right: string): string;
}

/** A tree of which only what further growth needs is kept: the roots of its perfect subtrees, the widest first. */
export interface Frontier {
  readonly size: number;
  readonly roots: readonly string[];
}

export const EMPTY: Frontier = { size: 0, roots: [] };

/** The tree with one more leaf. */
export function grown({ size, roots }: Frontier, leaf: string, hash: TreeHash): Frontier {
  const next = [...roots];
  let root = leaf;
  // Every 1 at the end of the old size is a subtree that is as wide as what is put beside it.
  for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) root = hash.node(next.pop() ?? '', root);
  next.push(root);
  return { size: size + 1, roots: next };
}

/** The root of a tree that is not empty (RFC 9162, 2.1.1). */
export function rootOf({ roots }: Frontier, hash: TreeHash): string {
  return roots.reduceRight((right, left) => hash.node(left, right));
}

/** How many subtrees the frontier of so many leaves has. */
export function subtreesOf(size: number): number {
  let count = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) count += rest % 2;
  return count;
}

/**
 * The hashes that lead from a leaf to the root, from the bottom (RFC 9162, 2.1.3.1). `leaves` are hashes of the leaves after those of `begin`,
 * of which only the subtrees' roots are known; `index` is that of one of them.
 */
export function inclusionPath(
  begin: Frontier,
  leaves: readonly string[],
  index: number,
  hash: TreeHash,
): readonly string[] {
  const known = new Map<number, string>();
  let start = 0;
  for (const root of begin.roots) {
    known.set(start, root);
    start += widest(begin.size - start);
  }
  // INVARIANT: what ends before the leaves do is asked for only where it is one of the subtrees that are known.
  const rootAt = (from: number, to: number): string => {
    if (to <= begin.size) return known.get(from) ?? '';
    if (to - from === 1) return leaves[from - begin.size] ?? '';
    const middle = from + leftOf(to - from);
    return hash.node(rootAt(from, middle), rootAt(middle, to));
  };
  const path: string[] = [];
  let [from, to] = [0, begin.size + leaves.length];
  while (to - from > 1) {
    const middle = from + leftOf(to - from);
    if (index < middle) {
      path.push(rootAt(middle, to));
      to = middle;
    } else {
      path.push(rootAt(from, middle));
      from = middle;
    }
  }
  return path.reverse();
}

/** The greatest power of two that is not above it. */
function widest(size: number): number {
  let width = 1;
  while (width * 2 <= size) width *= 2;
  return width;
}

/** How many leaves the left side of so many has: the greatest power of two below. */
function leftOf(size: number): number {
  return widest(size - 1);
}

/** The root to which a path leads from a leaf (RFC 9162, 2.1.3.2); undefined for a path of another length than the tree has there. */
export function rootOfPath(
  leaf: string,
  place: { readonly index: number; readonly size: number },
  path: readonly string[],
  hash: TreeHash,
): string | undefined {
  if (place.index >= place.size) return undefined;
  let [at, last, root] = [place.index, place.size - 1, leaf];
  for (const beside of path) {
    if (last === 0) return undefined;
    if (at % 2 === 0 && at === last) {
      // Nothing stands beside it up to the level where it is a right side.
      while (at % 2 === 0) [at, last] = [at / 2, Math.floor(last / 2)];
    }
    root = at % 2 === 1 ? hash.node(beside, root) : hash.node(root, beside);
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}
