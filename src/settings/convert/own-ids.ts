import { objectOf } from '../../wire/json.ts';
import type { Piece } from './convert-rule.ts';

/** Gives each piece an id of its own, by which the log tells it apart: the first of a name keeps it. */
export function withOwnIds(pieces: readonly Piece[]): readonly Piece[] {
  const names = new Set(pieces.map(({ value }) => value['id']));
  const seen = new Map<string, number>();
  return pieces.map((piece) => {
    const { id } = piece.value;
    if (typeof id !== 'string') return piece;
    let number = (seen.get(id) ?? 0) + 1;
    while (number > 1 && names.has(`${id}-${number}`)) number++;
    seen.set(id, number);
    if (number === 1) return piece;
    const own = `${id}-${number}`;
    return {
      ...piece,
      value: objectOf(Object.entries(piece.value).map(([key, value]) => [key, key === 'id' ? own : value])),
    };
  });
}
