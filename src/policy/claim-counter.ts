import { type Draft, refuse } from './draft.ts';
import type { CounterUse } from './policy.ts';
import { quoted, shown } from './problem.ts';

const PARTS = ['window', 'scope', 'amount', 'per', 'reset'] as const;

/** INVARIANT: within a document a counter's name has one window, scope, amount, per and reset. What is in shadow counts apart. */
export function claimCounter(draft: Draft, use: CounterUse): boolean {
  const key = counterName(use.counter, draft.mode);
  const before = draft.counters.get(key);
  if (before === undefined) {
    draft.counters.set(key, use);
    return true;
  }
  const what = clashOf(before, use);
  if (what === undefined) return true;
  const remedy = `give one of them another name, or both one ${what}`;
  refuse(
    draft,
    use.pointer,
    `the counter ${quoted(use.counter)} has another ${what} at ${shown(before.pointer)}; ${remedy}`,
  );
  return false;
}

/** What two uses of one name disagree about; undefined when they can share a counter. */
export function clashOf(one: CounterUse, other: CounterUse): (typeof PARTS)[number] | undefined {
  return PARTS.find((part) => partOf(one, part) !== partOf(other, part));
}

function partOf(use: CounterUse, part: (typeof PARTS)[number]): string | number | undefined {
  return part === 'window' ? use.windowMs : use[part];
}

/** How `Policy.counters` names a counter. */
export function counterName(counter: string, mode: Draft['mode']): string {
  return mode === 'shadow' ? JSON.stringify([counter]) : JSON.stringify(counter);
}
