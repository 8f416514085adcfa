import { quoted } from '../problem.ts';
import type { Bound } from './proposal.ts';

const PLAIN: readonly { readonly words: string; readonly bound: Bound }[] = [
  { words: 'exact', bound: { kind: 'exact' } },
  { words: 'up to this', bound: { kind: 'up to' } },
  { words: 'within this folder', bound: { kind: 'within folder' } },
  { words: 'this host', bound: { kind: 'same host' } },
  { words: 'any value', bound: { kind: 'any value' } },
];
const WITHIN = 'within ';
const BEGINS = 'begins with ';

/** A bound as people choose it: `up to this`, `within /srv/data`, `begins with INV-`. */
export function boundWords(bound: Bound): string {
  if (bound.kind === 'begins with') return `${BEGINS}${bound.prefix}`;
  if (bound.kind === 'within folder' && bound.folder !== undefined) return `${WITHIN}${bound.folder}`;
  return PLAIN.find((one) => one.bound.kind === bound.kind)?.words ?? 'exact';
}

/** The bound that somebody chose; a text says why it is none. */
export function readBound(words: string): Bound | string {
  const plain = PLAIN.find((one) => one.words === words);
  if (plain !== undefined) return plain.bound;
  if (words.startsWith(BEGINS)) return { kind: 'begins with', prefix: words.slice(BEGINS.length) };
  if (words.startsWith(WITHIN)) return { kind: 'within folder', folder: words.slice(WITHIN.length) };
  const known = PLAIN.map((one) => quoted(one.words)).join(', ');
  return `unknown choice ${quoted(words)}; write one of ${known}, "within FOLDER" or "begins with TEXT"`;
}
