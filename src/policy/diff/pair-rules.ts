import type { Direction } from './change.ts';

/** Rules of one kind before and after, and what is known of them. */
export interface Comparing<Rule> {
  readonly before: readonly Rule[];
  readonly after: readonly Rule[];
  isSame(a: Rule, b: Rule): boolean;
  /** Whether all that the first bites is bitten by the second as well. */
  isAtMost(a: Rule, b: Rule): boolean;
  /** Whether all that it bites is bitten by what holds before, or after. */
  isCovered(rule: Rule, by: 'before' | 'after'): boolean;
  /** Whether the one seems to have become the other, although they cannot be ordered. */
  isKin(a: Rule, b: Rule): boolean;
}

/** One rule that is gone, has come, or has become another. */
export interface Paired<Rule> {
  readonly direction: Exclude<Direction, 'reason'>;
  readonly before: Rule | undefined;
  readonly after: Rule | undefined;
}

/**
 * Pairs rules that changed. INVARIANT: without a pair that is looser or unordered every rule from before is covered after,
 * and without one that is tighter or unordered every rule from after was covered before.
 */
export function pairRules<Rule>(comparing: Comparing<Rule>): readonly Paired<Rule>[] {
  const { before, after, isAtMost, isCovered, isSame, isKin } = comparing;
  const gone = before.filter((one) => !after.some((other) => isSame(one, other)));
  const come = after.filter((one) => !before.some((other) => isSame(one, other)));
  const missing = gone.filter((rule) => !isCovered(rule, 'after'));
  const added = come.filter((rule) => !isCovered(rule, 'before'));
  const widened = match(added, gone, (rule, old) => isAtMost(old, rule));
  const narrowed = match(missing, come, (rule, young) => isAtMost(young, rule));
  const kin = match(narrowed.rest, widened.rest, isKin);
  return [
    ...widened.pairs.map(([rule, old]) => ({ direction: 'tighter' as const, before: old, after: rule })),
    ...narrowed.pairs.map(([rule, young]) => ({ direction: 'looser' as const, before: rule, after: young })),
    ...kin.pairs.map(([rule, young]) => ({ direction: 'unordered' as const, before: rule, after: young })),
    ...kin.rest.map((rule) => ({ direction: 'looser' as const, before: rule, after: undefined })),
    ...kin.left.map((rule) => ({ direction: 'tighter' as const, before: undefined, after: rule })),
  ];
}

interface Matched<Rule> {
  readonly pairs: readonly (readonly [Rule, Rule])[];
  /** Of the first, and of the second list what found no partner. */
  readonly rest: readonly Rule[];
  readonly left: readonly Rule[];
}

function match<Rule>(
  rules: readonly Rule[],
  others: readonly Rule[],
  isPair: (rule: Rule, other: Rule) => boolean,
): Matched<Rule> {
  const left = new Set(others);
  const pairs: (readonly [Rule, Rule])[] = [];
  const rest: Rule[] = [];
  for (const rule of rules) {
    const other = [...left].find((candidate) => isPair(rule, candidate));
    if (other === undefined) rest.push(rule);
    else {
      left.delete(other);
      pairs.push([rule, other]);
    }
  }
  return { pairs, rest, left: [...left] };
}
