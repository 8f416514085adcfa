import type { Pattern } from './pattern.ts';

/**
 * A pattern read letter by letter: the positions in its text that the name so far may have come to, ascending.
 * INVARIANT: nothing before the last `*` that was reached, which absorbs whatever the earlier positions could still match.
 */
export type Walk = readonly number[];

/** The pattern's letters, `*` for a run. */
export function lettersOf(pattern: Pattern): string {
  return pattern.pieces.join('*');
}

export function startWalk(letters: string): Walk {
  return settled(letters, [0]);
}

/** The walk after one more letter; empty when no name that begins so can match. */
export function stepWalk(letters: string, walk: Walk, letter: string): Walk {
  const next: number[] = [];
  for (const at of walk) {
    if (letters[at] === '*') next.push(at);
    else if (letters[at] === letter) next.push(at + 1);
  }
  return settled(letters, next);
}

/** Whether the name so far matches. */
export function isAtEnd(letters: string, walk: Walk): boolean {
  return walk.includes(letters.length);
}

/** Whether the name so far matches whatever may follow. */
export function isBeyondDoubt(letters: string, walk: Walk): boolean {
  return letters.endsWith('*') && walk.includes(letters.length - 1);
}

function settled(letters: string, positions: readonly number[]): Walk {
  const all = new Set<number>();
  let lastStar = -1;
  for (const position of positions) {
    all.add(position);
    if (letters[position] !== '*') continue;
    lastStar = Math.max(lastStar, position);
    // `*` may stand for nothing, so the letter after it is reached too; stars never stand side by side.
    all.add(position + 1);
  }
  return [...all].filter((position) => position >= lastStar).sort((a, b) => a - b);
}
