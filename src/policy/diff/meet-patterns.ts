import { lettersOf } from '../glob-walk.ts';
import type { Pattern } from '../pattern.ts';

/** Steps that may still be taken. */
export interface Steps {
  left: number;
}

interface Stand {
  readonly a: number;
  readonly b: number;
  readonly made: string;
}

/** Whether any name can match both: their beginnings agree and their ends agree, and between them is room for everything. */
export function canMeet(a: Pattern, b: Pattern): boolean {
  const [start, end] = [longer(a.pieces[0], b.pieces[0]), longer(a.pieces.at(-1), b.pieces.at(-1))];
  return [a, b].every(({ pieces }) => start.startsWith(pieces[0] ?? '') && end.endsWith(pieces.at(-1) ?? ''));
}

/**
 * The texts of patterns that together match exactly what both match: every order of their pieces, and every way in which the
 * end of one piece is the beginning of the next. Fewer once the steps are used up.
 */
export function* meetingsOf(first: Pattern, second: Pattern, steps: Steps): Generator<string> {
  const [one, other] = [lettersOf(first), lettersOf(second)];
  const seen = new Set<string>();
  const stack: Stand[] = [{ a: 0, b: 0, made: '' }];
  for (let stand = stack.pop(); stand !== undefined; stand = stack.pop()) {
    const key = `${stand.a} ${stand.b} ${stand.made}`;
    if (seen.has(key)) continue;
    seen.add(key);
    steps.left--;
    if (steps.left < 0) return;
    if (stand.a === one.length && stand.b === other.length) yield stand.made;
    else stack.push(...nextStands(stand, one[stand.a], other[stand.b]));
  }
}

/** The last is looked at first: the pieces one after the other. */
function nextStands({ a, b, made }: Stand, x: string | undefined, y: string | undefined): readonly Stand[] {
  if (x === '*' && y === '*') {
    const more = made.endsWith('*') ? made : `${made}*`;
    return [
      { a, b: b + 1, made: more },
      { a: a + 1, b, made: more },
    ];
  }
  if (x === '*') return [{ a: a + 1, b, made }, ...(y === undefined ? [] : [{ a, b: b + 1, made: made + y }])];
  if (y === '*') return [{ a, b: b + 1, made }, ...(x === undefined ? [] : [{ a: a + 1, b, made: made + x }])];
  return x !== undefined && x === y ? [{ a: a + 1, b: b + 1, made: made + x }] : [];
}

function longer(a = '', b = ''): string {
  return a.length > b.length ? a : b;
}
