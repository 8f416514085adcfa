/**
 * What one decision may still spend on costly tests: one step is about 10 ns. Each test is linear in what it is given; together
 * they are held to a fraction of a second, however many there are. Beyond it they cannot be judged.
 */
export interface Work {
  left: number;
}

const MOST = 60_000_000;

export function newWork(): Work {
  return { left: MOST };
}

/** For those who explain, and for one value alone. */
export const BOUNDLESS: Work = Object.freeze({
  get left(): number {
    return Number.POSITIVE_INFINITY;
  },
  set left(_steps: number) {},
});

/** Takes steps if there are so many; they are spent in an order that does not depend on how a document is written. */
export function maySpend(work: Work, steps: number): boolean {
  if (steps > work.left) return false;
  work.left -= steps;
  return true;
}
