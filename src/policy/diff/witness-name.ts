import type { Pattern } from '../pattern.ts';

const FILLERS: readonly string[] = ['x', 'any', 'q7', ''];

/** Names that a pattern matches, the plainest first. */
export function namesFor({ pieces }: Pattern): readonly string[] {
  return FILLERS.map((filler) => pieces.join(filler)).filter((name) => name !== '');
}

/**
 * The name that a pattern makes with a letter that stands in no pattern. Whatever else matches it matches all that the
 * pattern does: if any of the pattern's names is free of some others, this one is.
 */
export function typicalName(pieces: readonly string[], odd: string): string {
  return pieces.join(odd);
}

/** A letter that stands in none of the texts. */
export function oddLetter(texts: Iterable<string>): string {
  const used = new Set<string>();
  for (const text of texts) for (const letter of text) used.add(letter);
  let code = 'z'.charCodeAt(0);
  while (used.has(String.fromCharCode(code))) code = code === 97 ? 0x100 : code < 0x100 ? code - 1 : code + 1;
  return String.fromCharCode(code);
}
