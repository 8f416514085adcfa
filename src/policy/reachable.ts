import type { CallKind } from '../wire/call.ts';
import type { Policies } from './policy.ts';
import { sidesOf, standingRefusal } from './standing.ts';

/**
 * Whether a name is shown in lists: left out are the names of which no call could pass. `list: "all"` of the policy shows
 * those too, but never hidden ones. A tool that needs approval can be reached.
 */
export function reachable(policies: Policies, kind: CallKind, name: string): 'listed' | 'left out' {
  const standing = standingRefusal(sidesOf(policies, kind, name));
  if (standing === undefined) return 'listed';
  return policies.policy.list === 'all' && standing.stage !== 'hide' ? 'listed' : 'left out';
}
