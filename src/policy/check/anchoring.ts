/** Whether every match of a pattern begins where the text begins, and ends where it ends. `unsure` where that is hard to say. */
export interface Anchoring {
  readonly start: Edge;
  readonly end: Edge;
}

type Edge = 'held' | 'open' | 'unsure';

type Piece =
  | { readonly kind: 'start' | 'end' | 'empty' | 'character' | 'any' }
  | { readonly kind: 'group'; readonly branches: readonly Branch[] };

interface Item {
  readonly piece: Piece;
  /** Whether it may be left out, and whether it may be repeated. */
  readonly least: number;
  readonly isRepeated: boolean;
}

type Branch = readonly Item[];

interface Reading {
  readonly text: string;
  at: number;
}

const MOST_DEPTH = 50;
const ALL_CHARACTERS: ReadonlySet<string> = new Set([
  '[\\s\\S]',
  '[\\S\\s]',
  '[\\d\\D]',
  '[\\D\\d]',
  '[\\w\\W]',
  '[\\W\\w]',
]);

/** Reads a pattern in RE2 syntax that is known to compile. */
export function anchoringOf(pattern: string): Anchoring {
  const reading: Reading = { text: pattern, at: 0 };
  const branches = readBranches(reading, 'whole texts', 0);
  if (branches === undefined || reading.at < pattern.length) return { start: 'unsure', end: 'unsure' };
  return { start: edgeOf(branches, 'start'), end: edgeOf(branches, 'end') };
}

function edgeOf(branches: readonly Branch[], side: 'start' | 'end'): Edge {
  const edges = branches.map((branch) => branchEdge(side === 'start' ? branch : branch.toReversed(), side));
  if (edges.includes('unsure')) return 'unsure';
  return edges.includes('open') ? 'open' : 'held';
}

/** Looks from the edge inwards. `.*` at the edge says that anything may follow, and is no oversight. */
function branchEdge(items: Branch, side: 'start' | 'end'): Edge {
  for (const { piece, least, isRepeated } of items) {
    if (piece.kind === 'empty' || (piece.kind !== 'group' && piece.kind === opposite(side))) continue;
    if (piece.kind === 'any' && isRepeated) return 'held';
    if (piece.kind === side) {
      if (least > 0) return 'held';
      continue;
    }
    if (piece.kind !== 'group') return least > 0 || !mayHoldAnchor(items) ? 'open' : 'unsure';
    const edge = edgeOf(piece.branches, side);
    const isSkipped = least === 0 || (edge === 'open' && piece.branches.some(isEmpty));
    if (!isSkipped || edge === 'unsure') return edge;
    return mayHoldAnchor(items) ? 'unsure' : 'open';
  }
  return 'open';
}

function isEmpty(branch: Branch): boolean {
  return branch.every(({ piece, least }) => piece.kind === 'empty' || least === 0);
}

function opposite(side: 'start' | 'end'): 'start' | 'end' {
  return side === 'start' ? 'end' : 'start';
}

function mayHoldAnchor(items: Branch): boolean {
  return items.some(({ piece }) => {
    if (piece.kind === 'group') return piece.branches.some(mayHoldAnchor);
    return piece.kind === 'start' || piece.kind === 'end';
  });
}

type Lines = 'whole texts' | 'lines';

function readBranches(reading: Reading, from: Lines, depth: number): readonly Branch[] | undefined {
  const { text } = reading;
  if (depth > MOST_DEPTH) return undefined;
  const branches: Item[][] = [[]];
  let lines = from;
  while (reading.at < text.length && text[reading.at] !== ')') {
    if (text[reading.at] === '|') {
      reading.at++;
      branches.push([]);
      continue;
    }
    const flags = /^\(\?([a-zA-Z]*)(?:-([a-zA-Z]*))?\)/.exec(text.slice(reading.at, reading.at + 20));
    if (flags !== null) {
      reading.at += flags[0].length;
      lines = linesUnder(flags, lines);
      continue;
    }
    const piece = readPiece(reading, lines, depth);
    if (piece === undefined) return undefined;
    branches.at(-1)?.push({ piece, ...readRepetition(reading) });
  }
  return branches;
}

function linesUnder([, on = '', off = '']: RegExpExecArray, before: Lines): Lines {
  if (off.includes('m')) return 'whole texts';
  return on.includes('m') ? 'lines' : before;
}

function readPiece(reading: Reading, lines: Lines, depth: number): Piece | undefined {
  const { text, at } = reading;
  switch (text[at]) {
    case '^':
      reading.at++;
      return { kind: lines === 'lines' ? 'empty' : 'start' };
    case '$':
      reading.at++;
      return { kind: lines === 'lines' ? 'empty' : 'end' };
    case '.':
      reading.at++;
      return { kind: 'any' };
    case '(':
      return readGroup(reading, lines, depth);
    case '[':
      return readSet(reading);
    case '\\':
      return readEscape(reading);
    default:
      reading.at += (text.codePointAt(at) ?? 0) > 0xff_ff ? 2 : 1;
      return { kind: 'character' };
  }
}

function readGroup(reading: Reading, lines: Lines, depth: number): Piece | undefined {
  const opening = /^\((?:\?(?:P?<[^>]*>|([a-zA-Z]*)(?:-([a-zA-Z]*))?:))?/.exec(reading.text.slice(reading.at));
  if (opening === null) return undefined;
  reading.at += opening[0].length;
  const branches = readBranches(reading, linesUnder(opening, lines), depth + 1);
  if (branches === undefined || reading.text[reading.at] !== ')') return undefined;
  reading.at++;
  return { kind: 'group', branches };
}

function readSet(reading: Reading): Piece | undefined {
  const set = /^\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]/.exec(reading.text.slice(reading.at));
  if (set === null) return undefined;
  reading.at += set[0].length;
  return { kind: ALL_CHARACTERS.has(set[0]) ? 'any' : 'character' };
}

function readEscape(reading: Reading): Piece | undefined {
  const found = /^\\(?:Q[\s\S]*?(?:\\E|$)|[pP]\{[^}]*\}|x\{[^}]*\}|x[0-9a-fA-F]{2}|[0-7]{1,3}|[\s\S])/.exec(
    reading.text.slice(reading.at),
  );
  if (found === null) return undefined;
  reading.at += found[0].length;
  switch (found[0]) {
    case '\\A':
      return { kind: 'start' };
    case '\\z':
      return { kind: 'end' };
    case '\\b':
    case '\\B':
    case '\\E':
      return { kind: 'empty' };
    default:
      return { kind: 'character' };
  }
}

function readRepetition(reading: Reading): Pick<Item, 'least' | 'isRepeated'> {
  const [all, sign, from, comma] = /^(?:([*+?])|\{(\d+)(,)?\d*\})\??/.exec(reading.text.slice(reading.at)) ?? [];
  if (all === undefined) return { least: 1, isRepeated: false };
  reading.at += all.length;
  if (sign !== undefined) return { least: sign === '+' ? 1 : 0, isRepeated: sign !== '?' };
  return { least: Number(from), isRepeated: comma !== undefined };
}
