import { isAtEnd, isBeyondDoubt, lettersOf, startWalk, stepWalk, type Walk } from './glob-walk.ts';
import { matches, type Pattern } from './pattern.ts';

/** Two patterns that speak for one name with equal right. */
export interface Overlap {
  readonly first: Pattern;
  readonly second: Pattern;
  /** A name that nothing settles, or undefined where the search for one was given up. */
  readonly example: string | undefined;
}

const MAX_OVERLAPS = 100;
/** Letters read in the whole search; about a second's work. */
const MAX_WORK = 1_000_000;

interface Search {
  readonly exact: ReadonlyMap<string, unknown>;
  work: number;
}

type Found = 'none' | 'unknown' | { readonly name: string };

/**
 * Finds pairs of patterns of equal weight that can match one name which neither an exact entry nor a longer pattern settles.
 * Exact as long as the search stays within bounds; beyond them a pair that may be settled is named too. At most 100 pairs.
 */
export function findOverlaps(patterns: readonly Pattern[], exact: ReadonlyMap<string, unknown>): readonly Overlap[] {
  const search: Search = { exact, work: 0 };
  const overlaps: Overlap[] = [];
  const sorted = patterns.toSorted((a, b) => b.weight - a.weight || (a.text < b.text ? -1 : 1));
  for (const [index, second] of sorted.entries()) {
    for (let before = index - 1; before >= 0; before--) {
      const first = sorted[before];
      if (first === undefined || first.weight !== second.weight) break;
      if (!canMeet(first, second)) continue;
      const longer = sorted.filter((p) => p.weight > first.weight && canMeet(p, first) && canMeet(p, second));
      search.work += sorted.length;
      const found = unsettledName(search, first, second, longer);
      if (found !== 'none') overlaps.push({ first, second, example: found === 'unknown' ? undefined : found.name });
      if (overlaps.length >= MAX_OVERLAPS || search.work > MAX_WORK) return overlaps;
    }
  }
  return overlaps;
}

/** Two patterns meet exactly when their beginnings agree and their ends agree: between them `*` makes room for everything. */
function canMeet(a: Pattern, b: Pattern): boolean {
  return agree(a.pieces[0], b.pieces[0], 'start') && agree(a.pieces.at(-1), b.pieces.at(-1), 'end');
}

function agree(a = '', b = '', side: 'start' | 'end'): boolean {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  return side === 'start' ? long.startsWith(short) : long.endsWith(short);
}

interface Reached {
  readonly name: string;
  readonly walks: readonly Walk[];
}

/** Breadth first through the names that both patterns can still match and no longer one surely does, shortest first. */
function unsettledName(search: Search, first: Pattern, second: Pattern, longer: readonly Pattern[]): Found {
  const all = [first, second, ...longer].map(lettersOf);
  const settled = settledNames(search, first, second);
  const alphabet = alphabetOf([...all, ...settled]);
  const prefixes = new Set(settled.flatMap((name) => Array.from(name, (_, index) => name.slice(0, index + 1))));
  const start: Reached = { name: '', walks: all.map(startWalk) };
  const seen = new Set<string>();
  const queue: Reached[] = [start];
  for (const { name, walks } of queue) {
    if (isUnsettled(search, all, walks, name)) return { name };
    for (const letter of alphabet) {
      search.work += all.length;
      if (search.work > MAX_WORK) return plainExample(search, first, second, longer);
      const next = {
        name: name + letter,
        walks: all.map((letters, index) => stepWalk(letters, walks[index] ?? [], letter)),
      };
      if (isHopeless(all, next.walks)) continue;
      // Names on the way to an exact entry are told apart; all others differ only in where the patterns stand.
      const key = `${next.walks.join('|')}${prefixes.has(next.name) ? `=${next.name}` : ''}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push(next);
    }
  }
  return 'none';
}

function isUnsettled(search: Search, all: readonly string[], walks: readonly Walk[], name: string): boolean {
  const stands = (index: number) => isAtEnd(all[index] ?? '', walks[index] ?? []);
  if (!stands(0) || !stands(1) || name === '') return false;
  return !all.some((_, index) => index > 1 && stands(index)) && !search.exact.has(name);
}

function isHopeless(all: readonly string[], walks: readonly Walk[]): boolean {
  if (walks[0]?.length === 0 || walks[1]?.length === 0) return true;
  return all.some((letters, index) => index > 1 && isBeyondDoubt(letters, walks[index] ?? []));
}

/** All letters that stand in the texts, and one that stands for every other. */
function alphabetOf(texts: readonly string[]): readonly string[] {
  const own = new Set(texts.flatMap((text) => text.split('')));
  own.delete('*');
  let other = 'x'.charCodeAt(0);
  while (own.has(String.fromCharCode(other))) other++;
  return [...own, String.fromCharCode(other)].sort();
}

/** The exact entries that both patterns match. */
function settledNames(search: Search, first: Pattern, second: Pattern): readonly string[] {
  const names = [...search.exact.keys()].filter((name) => matches(first, name) && matches(second, name));
  search.work += search.exact.size + names.reduce((sum, name) => sum + name.length, 0);
  return names;
}

/** Without a search: the one name that all pieces make, one after the other. */
function plainExample(search: Search, first: Pattern, second: Pattern, longer: readonly Pattern[]): Found {
  const longest = (a = '', b = ''): string => (a.length > b.length ? a : b);
  const name = [
    longest(first.pieces[0], second.pieces[0]),
    ...first.pieces.slice(1, -1),
    ...second.pieces.slice(1, -1),
    longest(first.pieces.at(-1), second.pieces.at(-1)),
  ].join('');
  return longer.some((pattern) => matches(pattern, name)) || search.exact.has(name) ? 'unknown' : { name };
}
