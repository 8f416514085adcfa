import type { Scene, Test } from './scene.ts';
import type { Truth } from './truth.ts';

/**
 * What one decision may still spend on costly tests: one step is 10 to 100 ns. Each test is linear in what it is given; together
 * they are held to a fraction of a second, however many there are. Beyond it they cannot be judged.
 */
export interface Work {
  left: number;
  /** What costly tests have come to, where the same call is judged more than once. */
  known: Map<object, Truth> | undefined;
}

const MOST = 10_000_000;

export function newWork(): Work {
  return { left: MOST, known: undefined };
}

/** For those who explain, and for one value alone. */
export const BOUNDLESS: Work = Object.freeze({
  get left(): number {
    return Number.POSITIVE_INFINITY;
  },
  set left(_steps: number) {},
  known: undefined,
});

/** Takes steps if there are so many; they are spent in an order that does not depend on how a document is written. */
export function maySpend(work: Work, steps: number): boolean {
  if (steps > work.left) return false;
  work.left -= steps;
  return true;
}

/** The same test, done once where its answers are kept. */
export function remembered(test: Test): Test {
  const once = (scene: Scene): Truth => {
    const { known } = scene.work;
    if (known === undefined) return test(scene);
    const before = known.get(once);
    if (before !== undefined) return before;
    const truth = test(scene);
    known.set(once, truth);
    return truth;
  };
  return once;
}
