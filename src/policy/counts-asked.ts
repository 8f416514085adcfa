import type { Call } from '../wire/call.ts';
import type { CounterKey, Subject, Target } from './decision.ts';
import { countKey } from './look.ts';
import type { CallCount, Policies } from './policy.ts';
import { sidesOf } from './standing.ts';

const NONE: readonly CounterKey[] = Object.freeze([]);

/** The counts of let-through calls that `decide` needs to know for a call: to be read in the transaction that commits it. */
export function countsAsked(policies: Policies, subject: Subject, call: Call, target: Target): readonly CounterKey[] {
  const { policy, baseline } = policies;
  if (policy.counted.size === 0 && (baseline === undefined || baseline.counted.size === 0)) return NONE;
  const sides = sidesOf(policies, { kind: call.kind, name: call.name, class: target.class });
  return keysOf(
    [sides.baseline, sides.policy].flatMap((side) =>
      side === undefined ? [] : [...side.entry.asked, ...side.all.asked],
    ),
    subject,
  );
}

/** The counters of let-through calls to which this call adds one. */
export function talliesOf({ policy, baseline }: Policies, subject: Subject, call: Call): readonly CounterKey[] {
  if (call.kind !== 'tool') return NONE;
  const own = policy.counted.get(call.name);
  const others = baseline?.counted.get(call.name);
  if (own === undefined && others === undefined) return NONE;
  return keysOf([...(others ?? []), ...(own ?? [])], subject);
}

/** Each once, by key. */
function keysOf(counts: readonly CallCount[], subject: Subject): readonly CounterKey[] {
  if (counts.length === 0) return NONE;
  const keys = new Map<string, CounterKey>();
  for (const count of counts) {
    const key = countKey(count, subject);
    keys.set(key, Object.freeze({ key, windowMs: count.windowMs }));
  }
  return Object.freeze([...keys.values()].sort((a, b) => (a.key < b.key ? -1 : 1)));
}
