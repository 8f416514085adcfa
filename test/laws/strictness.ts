import { expect } from 'vitest';
import type { Decision, Effect } from '../../src/policy/decision.ts';

const STRICTNESS: { readonly [effect in Effect]: number } = { allow: 0, require_approval: 1, deny: 2 };

/** Fails where the second decision lets through, shows, or leaves uncounted what the first did not. */
export function expectNoLooser(before: Decision, after: Decision): void {
  expect(STRICTNESS[after.effect]).toBeGreaterThanOrEqual(STRICTNESS[before.effect]);
  if (before.hidden) expect(after.hidden).toBe(true);
  if (after.effect === 'deny') return;
  const counted = after.reservations.map(ceiling);
  for (const one of before.reservations.map(ceiling)) {
    const at = counted.indexOf(one);
    expect(counted, `the ceiling ${one} is gone`).toContain(one);
    counted.splice(at, 1);
  }
  for (const tally of before.tallies) expect(after.tallies).toContainEqual(tally);
}

function ceiling({ key, max, add, onExceed, rule }: Decision['reservations'][number]): string {
  return JSON.stringify([rule.document, key, max, add, onExceed]);
}
