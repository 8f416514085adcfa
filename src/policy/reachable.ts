import type { CallKind } from '../wire/call.ts';
import { isUnsafeUri } from '../wire/unsafe-uri.ts';
import type { RiskClass } from './decision.ts';
import type { Policies } from './policy.ts';
import { enforcedOf, sidesOf, standingRefusal } from './standing.ts';

/**
 * Whether a name is shown in lists: left out are the names of which no call could pass. `list: "all"` of the policy shows
 * those too, but never hidden ones. A tool that needs approval can be reached.
 */
export function reachable(
  policies: Policies,
  kind: CallKind,
  name: string,
  riskClass: RiskClass,
): 'listed' | 'left out' {
  if (kind === 'resource' && isUnsafeUri(name)) return 'left out';
  const sides = sidesOf(policies, { kind, name, class: riskClass });
  const standing = standingRefusal(enforcedOf(sides, policies));
  if (standing === undefined) return 'listed';
  return policies.policy.list === 'all' && standing.stage !== 'hide' ? 'listed' : 'left out';
}
