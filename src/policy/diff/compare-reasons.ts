import { quoted } from '../problem.ts';
import type { Change } from './change.ts';
import { isSameLimit } from './compare-limits.ts';
import type { ClauseView } from './reader.ts';
import type { View } from './view.ts';

interface Told {
  readonly pointer: string;
  readonly reason: string | undefined;
}

/** What is told in other words by rules that mean the same. */
export function compareReasons(before: View, after: View): readonly Change[] {
  const pairs: (readonly [Told, Told])[] = [
    [before, after],
    ...clausePairs(before.denyIf, after.denyIf),
    ...clausePairs(before.require, after.require),
    ...clausePairs(before.approveIf, after.approveIf),
    ...before.limits.flatMap((limit) => {
      const same = after.limits.filter((other) => isSameLimit(limit, other));
      const reasons = new Set(same.map((other) => other.limit.reason));
      const [first] = same;
      if (first === undefined || reasons.has(limit.limit.reason)) return [];
      return [[toldBy(limit), toldBy(first)] as const];
    }),
  ];
  const changes = new Map<string, Change>();
  for (const [old, young] of pairs) {
    if (old.reason === young.reason) continue;
    const words = `reason: ${saidAs(old.reason)} → ${saidAs(young.reason)}`;
    if (!changes.has(words)) changes.set(words, reasonChange(words, old.pointer, young.pointer));
  }
  return [...changes.values()];
}

export function reasonChange(words: string, before: string | undefined, after: string | undefined): Change {
  return { direction: 'reason', words, before, after };
}

export function saidAs(reason: string | undefined): string {
  return reason === undefined ? 'no words of its own' : quoted(reason);
}

function toldBy({ pointer, limit }: View['limits'][number]): Told {
  return { pointer, reason: limit.reason };
}

function clausePairs(before: readonly ClauseView[], after: readonly ClauseView[]): readonly (readonly [Told, Told])[] {
  return before.flatMap((clause) => {
    const same = after.filter(({ form }) => form.text === clause.form.text);
    const [first] = same;
    if (first === undefined || same.some(({ reason }) => reason === clause.reason)) return [];
    return [[clause, first] as const];
  });
}
