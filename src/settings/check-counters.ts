import { clashOf } from '../policy/claim-counter.ts';
import type { CounterUse } from '../policy/policy.ts';
import { below, quoted } from '../policy/problem.ts';
import type { NamedPolicy, PolicyVersion } from './named-policy.ts';
import { type Reading, say } from './reading.ts';
import type { GrantSettings } from './settings.ts';

/**
 * On one server a counter's name has one window and one scope, whichever policies name it: otherwise two limits would seem
 * to share what they do not share. Every server is judged by the baseline too.
 */
export function checkCounters(
  reading: Reading,
  grants: ReadonlyMap<string, GrantSettings>,
  baseline: NamedPolicy | undefined,
): void {
  const byServer = new Map<string, NamedPolicy[]>();
  const everywhere = new Set<NamedPolicy>(baseline === undefined ? [] : [baseline]);
  for (const [label, grant] of grants) {
    for (const [server, policy] of grant.policies) {
      const others = byServer.get(server) ?? (baseline === undefined ? [] : [baseline]);
      // It was held against all of them, or they against it.
      if (others.includes(policy)) continue;
      const clash =
        others.map((other) => counterClash(policy, other)).find((found) => found !== undefined) ??
        [...everywhere].map((other) => globalClash(policy, other)).find((found) => found !== undefined);
      const place = below(below(below('/grants', label), 'servers'), server);
      if (clash !== undefined) say(reading, place, clash);
      else others.push(policy);
      byServer.set(server, others);
      everywhere.add(policy);
    }
  }
}

/** Counters of the scope `global` are one over all servers. */
function globalClash(policy: PolicyVersion, other: PolicyVersion): string | undefined {
  const clash = firstClash(policy, other, (use, known) => use.scope === 'global' && known.scope === 'global');
  if (clash === undefined) return undefined;
  const { counter, what } = clash;
  return `the global counter ${quoted(counter)} has one ${what} in the policy ${quoted(policy.name)} and another in ${quoted(other.name)}; give one of them another name`;
}

/** What two policies that hold on one server disagree about; undefined when they can hold together. */
export function counterClash(policy: PolicyVersion, other: PolicyVersion): string | undefined {
  const clash = firstClash(policy, other, () => true);
  if (clash === undefined) return undefined;
  const { counter, what } = clash;
  return `the counter ${quoted(counter)} has one ${what} in the policy ${quoted(policy.name)} and another in ${quoted(other.name)}, which hold on one server; give one of them another name`;
}

interface Clash {
  readonly counter: string;
  readonly what: string;
}

/** The first counter that two policies share, and use in two ways. */
function firstClash(
  { policy }: PolicyVersion,
  { policy: other }: PolicyVersion,
  isShared: (use: CounterUse, known: CounterUse) => boolean,
): Clash | undefined {
  if (policy === other) return undefined;
  for (const [key, use] of policy.counters) {
    const known = other.counters.get(key);
    if (known === undefined || !isShared(use, known)) continue;
    const what = clashOf(known, use);
    if (what !== undefined) return { counter: use.counter, what };
  }
  return undefined;
}
