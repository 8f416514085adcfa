import type { RiskClass } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import { enforcedOf, sidesOf, standingRefusal } from '../policy/standing.ts';
import type { CallKind } from '../wire/call.ts';
import { isUnsafeUri } from '../wire/unsafe-uri.ts';

/**
 * Whether a call of this name could pass at all. Not whether it is shown: `list: "all"` shows also what is forbidden, and
 * whoever follows up on a call, or hears of it, must be able to make it.
 */
export function mayPass(policies: Policies, kind: CallKind, name: string, riskClass: RiskClass): boolean {
  if (kind === 'resource' && isUnsafeUri(name)) return false;
  const sides = sidesOf(policies, { kind, name, class: riskClass });
  return standingRefusal(enforcedOf(sides, policies)) === undefined;
}
