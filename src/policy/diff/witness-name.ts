import { matches, type Pattern } from '../pattern.ts';

const FILLERS: readonly string[] = ['x', '', 'any', 'q7'];

/** Names that a pattern matches, the plainest first. */
export function namesFor({ pieces }: Pattern, odd: string): readonly string[] {
  return [...FILLERS, odd].map((filler) => pieces.join(filler)).filter((name) => name !== '');
}

/** A name that both patterns match; undefined where there is none. */
export function meetingName(a: Pattern, b: Pattern, odd: string): string | undefined {
  const start = longer(a.pieces[0], b.pieces[0]);
  const end = longer(a.pieces.at(-1), b.pieces.at(-1));
  // Nearly all pairs part here, before anything is made.
  if (![a, b].every(({ pieces }) => start.startsWith(pieces[0] ?? '') && end.endsWith(pieces.at(-1) ?? ''))) {
    return undefined;
  }
  const name = [start, ...a.pieces.slice(1, -1), ...b.pieces.slice(1, -1), end].join(odd);
  return matches(a, name) && matches(b, name) ? name : undefined;
}

function longer(a = '', b = ''): string {
  return a.length > b.length ? a : b;
}

/** A letter that stands in none of the texts, so that only what matches everything matches it. */
export function oddLetter(texts: Iterable<string>): string {
  const used = new Set<string>();
  for (const text of texts) for (const letter of text) used.add(letter);
  let code = 'z'.charCodeAt(0);
  while (used.has(String.fromCharCode(code))) code = code === 97 ? 0x100 : code < 0x100 ? code - 1 : code + 1;
  return String.fromCharCode(code);
}
