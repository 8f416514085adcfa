/** Numbers that follow from a seed alone. */
export interface Random {
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number;
  /** Whether one chance in so many came. */
  isOneIn(chances: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Xorshift (13, 17, 5) from a scrambled seed, so that neighbouring seeds have nothing in common. */
export function randomOf(seed: number): Random {
  let state = scrambled(seed) || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const below = (bound: number): number => next() % Math.max(1, bound);
  return {
    below,
    isOneIn: (chances) => below(chances) === 0,
    pick: ([first, ...rest]) => {
      const at = below(rest.length + 1);
      return at === 0 ? first : (rest[at - 1] ?? first);
    },
  };
}

/** One of several that may be none. */
export function oneOf<T>(random: Random, from: readonly T[]): T | undefined {
  return from[random.below(from.length)];
}

function scrambled(seed: number): number {
  let mixed = (seed + 0x9e3779b9) | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
