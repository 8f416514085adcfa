import type { Difference } from './diff-policies.ts';

/** Differences that read alike; the first of them speaks for all. */
export interface DifferenceGroup {
  readonly first: Difference;
  readonly members: readonly [Difference, ...Difference[]];
}

const ORDER: readonly Difference['verdict'][] = ['looser', 'tighter', 'changed', 'reason only'];

/** Puts together what changes alike, the looser ones first. */
export function groupDifferences(differences: readonly Difference[]): readonly DifferenceGroup[] {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of differences) {
    const words = difference.changes.map((change) => `${change.direction} ${change.words}`);
    const key = JSON.stringify([difference.verdict, difference.kind, words]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [difference]);
    else group.push(difference);
  }
  return [...groups.values()]
    .map((members) => ({ first: members[0], members }))
    .sort((a, b) => ORDER.indexOf(a.first.verdict) - ORDER.indexOf(b.first.verdict));
}
