import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TREE_HASH } from '../../src/cli/log-crypto.ts';
import {
  EMPTY,
  type Frontier,
  grown,
  inclusionPath,
  rootOf,
  rootOfPath,
  subtreesOf,
} from '../../src/gateway/audit/tree.ts';
import { isConsistent, naiveConsistency, naivePath, naiveRoot } from './naive-tree.ts';

const data = (size: number): readonly Buffer[] => Array.from({ length: size }, (_, at) => Buffer.alloc(32, at + 1));
const leavesOf = (links: readonly Buffer[]): readonly string[] =>
  links.map((link) => TREE_HASH.leaf(link.toString('hex')));
const treeOf = (links: readonly Buffer[]): Frontier =>
  leavesOf(links).reduce((tree, leaf) => grown(tree, leaf, TREE_HASH), EMPTY);

const links = fc.array(
  fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes)),
  {
    minLength: 1,
    maxLength: 70,
  },
);

describe('the tree, against the words of RFC 9162', () => {
  test('has the root of the definition at every size, and as many subtrees as the size has ones', () => {
    fc.assert(
      fc.property(links, (all) => {
        let tree = EMPTY;
        for (const [at, leaf] of leavesOf(all).entries()) {
          tree = grown(tree, leaf, TREE_HASH);
          expect(rootOf(tree, TREE_HASH)).toBe(naiveRoot(all.slice(0, at + 1)).toString('hex'));
          expect(tree.roots).toHaveLength(subtreesOf(tree.size));
        }
      }),
      { numRuns: 30 },
    );
  });

  test('gives for every leaf the path of the definition, which leads to the root', () => {
    for (let size = 1; size <= 40; size += 1) {
      const all = data(size);
      const leaves = leavesOf(all);
      const root = naiveRoot(all).toString('hex');
      for (const [index, leaf] of leaves.entries()) {
        const path = inclusionPath(EMPTY, leaves, index, TREE_HASH);
        expect(path).toEqual(naivePath(index, all).map((hash) => hash.toString('hex')));
        expect(rootOfPath(leaf, { index, size }, path, TREE_HASH)).toBe(root);
      }
    }
  });

  test('a path proves nothing of another leaf, another place, another size, or when it is changed', () => {
    const wish = fc.record({ all: links, at: fc.nat(), other: fc.nat(), turn: fc.nat() });
    fc.assert(
      fc.property(wish, ({ all, at, other, turn }) => {
        const leaves = leavesOf(all);
        const size = leaves.length;
        const index = at % size;
        const path = inclusionPath(EMPTY, leaves, index, TREE_HASH);
        const leaf = leaves[index] ?? '';
        const root = rootOf(treeOf(all), TREE_HASH);
        const proves = (of: string, place: { index: number; size: number }, by: readonly string[]): boolean =>
          rootOfPath(of, place, by, TREE_HASH) === root;
        expect(proves(leaf, { index, size }, path)).toBe(true);
        const elsewhere = other % (size + 3);
        if (leaves[elsewhere] !== leaf) expect(proves(leaf, { index: elsewhere, size }, path)).toBe(false);
        const stranger = leaves[other % size] ?? '';
        if (stranger !== leaf) expect(proves(stranger, { index, size }, path)).toBe(false);
        expect(proves(leaf, { index, size }, [...path, leaf])).toBe(false);
        if (path.length === 0) return;
        expect(proves(leaf, { index, size }, path.slice(1))).toBe(false);
        const turned = path.map((hash, step) => (step === turn % path.length ? hash.replace(/^./, flip) : hash));
        expect(proves(leaf, { index, size }, turned)).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  test('grows only: of every size to every later one there is a proof of consistency, and of nothing else', () => {
    const all = data(34);
    const roots = all.map((_, at) => rootOf(treeOf(all.slice(0, at + 1)), TREE_HASH));
    for (let m = 1; m <= all.length; m += 1) {
      for (let n = m; n <= all.length; n += 1) {
        const proof = naiveConsistency(m, all.slice(0, n));
        const [old, now] = [
          { size: m, root: roots[m - 1] ?? '' },
          { size: n, root: roots[n - 1] ?? '' },
        ];
        expect(isConsistent(old, now, proof)).toBe(true);
        expect(isConsistent({ ...old, root: old.root.replace(/^./, flip) }, now, proof)).toBe(false);
        expect(isConsistent(old, { ...now, root: now.root.replace(/^./, flip) }, proof)).toBe(false);
      }
    }
  });
});

function flip(digit: string): string {
  return (Number.parseInt(digit, 16) ^ 1).toString(16);
}
