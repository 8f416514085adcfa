import type { PolicyChange } from '../gateway/approvals/notice-body.ts';
import type { Settings } from '../settings/settings.ts';

/** Which policies of a configuration are others than in the one before, by their names. */
export function policyChanges(before: Settings, after: Settings): readonly PolicyChange[] {
  const was = digestsOf(before);
  const is = digestsOf(after);
  const names = [...new Set([...was.keys(), ...is.keys()])].sort();
  return names
    .filter((name) => was.get(name) !== is.get(name))
    .map((name) => ({ name, before: was.get(name), after: is.get(name), by: 'file' }));
}

/** The policies in force, with their digests. */
export function digestsOf({ grants, baseline }: Settings): ReadonlyMap<string, string> {
  const policies = new Map<string, string>();
  for (const grant of grants.values())
    for (const named of grant.policies.values()) policies.set(named.name, named.digest);
  if (baseline !== undefined) policies.set(baseline.name, baseline.digest);
  return policies;
}
