import { StoreFault } from '../../gateway/ports.ts';

/** How one attempt of several in a transaction went: one that failed did so by itself, and nothing of it was written. */
export type Tried<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly error: unknown };

/** What a function of the caller threw. */
class Thrown extends Error {}

/** Runs a function of the caller inside of `tried`. */
export function asked<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new Thrown('a function of the caller threw', { cause: error });
  }
}

/** Tells what the caller did wrong, and what was found broken, from a database that fails: that goes on, for it fails the whole transaction. */
export function tried<T>(action: () => T): Tried<T> {
  try {
    return { kind: 'done', value: action() };
  } catch (error) {
    if (error instanceof Thrown) return { kind: 'failed', error: error.cause };
    if (error instanceof StoreFault) return { kind: 'failed', error };
    throw error;
  }
}
