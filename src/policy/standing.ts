import type { CallKind } from '../wire/call.ts';
import { holdsName } from './names.ts';
import { matches } from './pattern.ts';
import type { Policies, Policy, Refusal, Rules, Stage } from './policy.ts';
import { hiddenRefusal, noRules } from './rules.ts';

/** The rules of one document that apply to a name. */
export interface Side {
  readonly hidden: Refusal | undefined;
  readonly entry: Rules;
  readonly all: Rules;
}

/** Everything that applies to a name; the policy's side is always there. */
export interface Sides {
  readonly baseline: Side | undefined;
  readonly policy: Side;
}

const HIDDEN = { policy: hiddenRefusal('policy', undefined), baseline: hiddenRefusal('baseline', undefined) } as const;
const NONE = { policy: noRules('policy'), baseline: noRules('baseline') } as const;
const RANK: { readonly [stage in Stage]: number } = {
  hide: 0,
  default: 1,
  action: 2,
  deny_if: 3,
  require: 4,
  limit: 5,
};

export function sidesOf({ policy, baseline }: Policies, kind: CallKind, name: string): Sides {
  return { baseline: baseline && sideOf(baseline, kind, name), policy: sideOf(policy, kind, name) };
}

/** What is no tool has no table yet: the default decides. */
function sideOf(policy: Policy, kind: CallKind, name: string): Side {
  if (kind !== 'tool') return { hidden: undefined, entry: policy.byDefault, all: NONE[policy.document] };
  const hidden = holdsName(policy.hide, name) ? HIDDEN[policy.document] : undefined;
  return { hidden, entry: entryFor(policy, name), all: policy.allTools };
}

/** The entry that speaks: the exact name, else the most particular pattern, else the default. */
function entryFor(policy: Policy, name: string): Rules {
  const exact = policy.exact.get(name);
  if (exact !== undefined) return exact;
  for (const { pattern, rules } of policy.patterns) if (matches(pattern, name)) return rules;
  return policy.byDefault;
}

/**
 * The first rule that refuses whatever the arguments, time, session and counters, or undefined if a call could pass.
 * INVARIANT: `decide` refuses whenever this does, and lists are filtered by it: the two cannot disagree (law 8).
 */
export function standingRefusal({ baseline, policy }: Sides): Refusal | undefined {
  const first =
    baseline === undefined
      ? undefined
      : earlier(baseline.hidden, earlier(baseline.entry.standing, baseline.all.standing));
  return earlier(first, earlier(policy.hidden, earlier(policy.entry.standing, policy.all.standing)));
}

export function isBeforeConditions(refusal: Refusal): boolean {
  return RANK[refusal.stage] < RANK.deny_if;
}

/** Of equals the one that is given first. */
function earlier(a: Refusal | undefined, b: Refusal | undefined): Refusal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return RANK[b.stage] < RANK[a.stage] ? b : a;
}
