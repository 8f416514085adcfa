import { createHash } from 'node:crypto';

/** RFC 9162, 2.1, word by word: recursive, over buffers, and slow. */

const sha = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

/** The greatest power of two below n. */
function half(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** MTH(D[n]). */
export function naiveRoot(data: readonly Buffer[]): Buffer {
  const [only] = data;
  if (only === undefined) return sha();
  if (data.length === 1) return sha(Buffer.of(0), only);
  const k = half(data.length);
  return sha(Buffer.of(1), naiveRoot(data.slice(0, k)), naiveRoot(data.slice(k)));
}

/** PATH(m, D[n]). */
export function naivePath(m: number, data: readonly Buffer[]): readonly Buffer[] {
  if (data.length <= 1) return [];
  const k = half(data.length);
  if (m < k) return [...naivePath(m, data.slice(0, k)), naiveRoot(data.slice(k))];
  return [...naivePath(m - k, data.slice(k)), naiveRoot(data.slice(0, k))];
}

/** PROOF(m, D[n]): that a tree of n leaves holds one of m. */
export function naiveConsistency(m: number, data: readonly Buffer[]): readonly Buffer[] {
  return subproof(m, data, 'whole');
}

function subproof(m: number, data: readonly Buffer[], of: 'whole' | 'part'): readonly Buffer[] {
  if (m === data.length) return of === 'whole' ? [] : [naiveRoot(data)];
  const k = half(data.length);
  if (m <= k) return [...subproof(m, data.slice(0, k), of), naiveRoot(data.slice(k))];
  return [...subproof(m - k, data.slice(k), 'part'), naiveRoot(data.slice(0, k))];
}

/** RFC 9162, 2.1.4.2. */
export function isConsistent(
  old: { readonly size: number; readonly root: string },
  now: { readonly size: number; readonly root: string },
  proof: readonly Buffer[],
): boolean {
  if (old.size === now.size) return proof.length === 0 && old.root === now.root;
  const isPower = (old.size & (old.size - 1)) === 0;
  const [first, ...rest] = isPower ? [Buffer.from(old.root, 'hex'), ...proof] : proof;
  if (first === undefined) return false;
  let [fn, sn] = [old.size - 1, now.size - 1];
  while (fn % 2 === 1) [fn, sn] = [fn >> 1, sn >> 1];
  let [fr, sr] = [first, first];
  for (const c of rest) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      [fr, sr] = [sha(Buffer.of(1), c, fr), sha(Buffer.of(1), c, sr)];
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1];
    } else sr = sha(Buffer.of(1), sr, c);
    [fn, sn] = [fn >> 1, sn >> 1];
  }
  return fr.toString('hex') === old.root && sr.toString('hex') === now.root && sn === 0;
}
