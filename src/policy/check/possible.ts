import { FALSE, TRUE, type Truth } from '../truth.ts';

/** A set of answers that a condition may give, one bit each. More than it can give is never wrong, only less sure. */
export type Possible = number;

const NEVER: Possible = 0;
export const HOLDS: Possible = 1;
export const UNSURE: Possible = 2;
export const FAILS: Possible = 4;
export const ANYTHING: Possible = HOLDS | UNSURE | FAILS;

export function just(answer: Truth): Possible {
  if (answer === TRUE) return HOLDS;
  return answer === FALSE ? FAILS : UNSURE;
}

export function negated(answers: Possible): Possible {
  return (answers & UNSURE) | (answers & HOLDS ? FAILS : NEVER) | (answers & FAILS ? HOLDS : NEVER);
}

/** The answers of `all` over parts: the least of each choice. */
export function least(parts: readonly Possible[]): Possible {
  return negated(greatest(parts.map(negated)));
}

/** The answers of `any` over parts: the greatest of each choice. */
export function greatest(parts: readonly Possible[]): Possible {
  return parts.reduce((one, other) => {
    const holds = (one | other) & HOLDS;
    const unsure = (one & UNSURE && other & (UNSURE | FAILS)) || (other & UNSURE && one & (UNSURE | FAILS));
    const fails = one & other & FAILS;
    return holds | (unsure ? UNSURE : NEVER) | fails;
  }, FAILS);
}
