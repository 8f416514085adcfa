import type { Clock } from '../ports.ts';

/** What comes of a promise within a time, ms; undefined when it takes longer. Leaves no timer behind. */
export async function within<T>(clock: Clock, ms: number, what: Promise<T>): Promise<T | undefined> {
  let cancel = (): void => {};
  const late = new Promise<undefined>((resolve) => {
    cancel = clock.after(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([what, late]);
  } finally {
    cancel();
  }
}
