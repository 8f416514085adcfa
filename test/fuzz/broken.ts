import { isDeepStrictEqual } from 'node:util';

/** A law that does not hold. */
export class Broken extends Error {
  readonly law: string;

  constructor(law: string, told: string) {
    super(told);
    this.law = law;
  }
}

export function holds(law: string, isTrue: boolean, told: () => string): void {
  if (!isTrue) throw new Broken(law, told());
}

export function agrees(law: string, first: unknown, second: unknown): void {
  if (isDeepStrictEqual(first, second)) return;
  throw new Broken(law, `${JSON.stringify(first)}\n  and ${JSON.stringify(second)}`);
}
