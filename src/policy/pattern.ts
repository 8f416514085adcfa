/** A pattern of names: `*` stands for any run of characters, none included. Case counts. */
export interface Pattern {
  readonly text: string;
  /** What stands before the first, between, and after the last `*`; at least two pieces. */
  readonly pieces: readonly string[];
  /** Characters other than `*`, in code points: the more, the more particular. */
  readonly weight: number;
}

export function isPattern(text: string): boolean {
  return text.includes('*');
}

export function readPattern(text: string): Pattern {
  // A run of stars says no more than one.
  const pieces = text.replace(/\*+/g, '*').split('*');
  return { text, pieces, weight: [...pieces.join('')].length };
}

/** In time linear in the name: each piece is taken where it first occurs, which never spoils a later one. */
export function matches(pattern: Pattern, name: string): boolean {
  const { pieces } = pattern;
  const first = pieces[0] ?? '';
  const last = pieces[pieces.length - 1] ?? '';
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  const end = name.length - last.length;
  for (let index = 1; index < pieces.length - 1; index++) {
    const piece = pieces[index] ?? '';
    const found = name.indexOf(piece, at);
    if (found < 0 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return at <= end;
}
