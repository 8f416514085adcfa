/** Kleene's three values, ordered so that `all` is the least and `any` the greatest: false, unknown, true. */
export type Truth = -1 | 0 | 1;

export const FALSE: Truth = -1;
export const UNKNOWN: Truth = 0;
export const TRUE: Truth = 1;

export function truth(value: boolean): Truth {
  return value ? TRUE : FALSE;
}

export function opposite(value: Truth): Truth {
  if (value === TRUE) return FALSE;
  return value === FALSE ? TRUE : UNKNOWN;
}
