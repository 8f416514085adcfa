import type { CallKind } from '../wire/call.ts';
import type { RiskClass, Stage } from './decision.ts';
import { holdsName } from './names.ts';
import type { Policies, Policy, Refusal, Rules } from './policy.ts';
import { outcome } from './refusal.ts';
import { hiddenRefusal, noRules, openRules } from './rules.ts';
import { rulesFor } from './table.ts';

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

/** What is called, as far as it settles which rules apply. */
export interface Named {
  readonly kind: CallKind;
  readonly name: string;
  readonly class: RiskClass;
}

const HIDDEN = { policy: hiddenRefusal('policy', undefined), baseline: hiddenRefusal('baseline', undefined) } as const;
const NONE = { policy: noRules('policy'), baseline: noRules('baseline') } as const;
const SHADOW = { policy: shadowSide('policy'), baseline: shadowSide('baseline') } as const;
const RANK: { readonly [stage in Stage]: number } = {
  arguments: 0,
  hide: 1,
  default: 2,
  action: 3,
  deny_if: 4,
  require: 5,
  validate: 6,
  limit: 7,
  approve_if: 8,
};

/** Everything that is written for a name, whether it is enforced or in shadow. */
export function sidesOf({ policy, baseline }: Policies, named: Named): Sides {
  return { baseline: baseline && sideOf(baseline, named), policy: sideOf(policy, named) };
}

/** What of it is enforced: the very same sides where nothing is in shadow. */
export function enforcedOf(sides: Sides, { policy, baseline }: Policies): Sides {
  const enforcedPolicy = enforcedSide(sides.policy, policy);
  const enforcedBaseline = baseline && sides.baseline && enforcedSide(sides.baseline, baseline);
  const isSame = enforcedPolicy === sides.policy && enforcedBaseline === sides.baseline;
  return isSame ? sides : { baseline: enforcedBaseline, policy: enforcedPolicy };
}

function enforcedSide(side: Side, policy: Policy): Side {
  if (policy.mode === 'shadow') return SHADOW[policy.document];
  const { hidden, entry, all } = side;
  if (entry.open === undefined && all.open === undefined) return side;
  return { hidden, entry: entry.open ?? entry, all: all.open ?? all };
}

function shadowSide(document: 'policy' | 'baseline'): Side {
  const rule = { document, pointer: '/mode', id: undefined };
  const entry = openRules(outcome('default', rule, `Allowed: the ${document} stands in shadow.`));
  return { hidden: undefined, entry, all: noRules(document) };
}

function sideOf(policy: Policy, { kind, name, class: riskClass }: Named): Side {
  const all = NONE[policy.document];
  switch (kind) {
    case 'tool': {
      const hidden = holdsName(policy.hide, name) ? HIDDEN[policy.document] : undefined;
      const entry = rulesFor(policy.tools, name) ?? policy.classes.get(riskClass) ?? policy.byDefault;
      return { hidden, entry, all: policy.allTools };
    }
    case 'resource':
      return { hidden: undefined, entry: rulesFor(policy.resources, name) ?? policy.byDefault, all };
    case 'prompt':
      return { hidden: undefined, entry: rulesFor(policy.prompts, name) ?? policy.byDefault, all };
    case 'request':
      return { hidden: undefined, entry: policy.requests.get(name) ?? policy.byDefault, all };
  }
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

/** Whether a rule of the one stage is named before one of the other. */
export function isNamedBefore(one: Stage, other: Stage): boolean {
  return RANK[one] < RANK[other];
}

/** Of equals the one that is given first. */
function earlier(a: Refusal | undefined, b: Refusal | undefined): Refusal | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return RANK[b.stage] < RANK[a.stage] ? b : a;
}
