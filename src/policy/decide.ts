import type { Call } from '../wire/call.ts';
import type { Decision, Effect, Facts, Reservation, RuleRef, Subject, Target } from './decision.ts';
import type { Clause, Limit, Outcome, Policies, Refusal } from './policy.ts';
import { quoted } from './problem.ts';
import type { Scene } from './scene.ts';
import { isBeforeConditions, type Side, type Sides, sidesOf, standingRefusal } from './standing.ts';
import { FALSE, TRUE } from './truth.ts';

const NOTHING: readonly Reservation[] = Object.freeze([]);

/**
 * Judges one call. Total, deterministic, reads nothing but its arguments, never throws.
 * Allowed means: allowed once all reservations are made.
 */
export function decide(policies: Policies, subject: Subject, call: Call, target: Target, facts: Facts): Decision {
  const sides = sidesOf(policies, call.kind, call.name);
  const standing = standingRefusal(sides);
  if (standing !== undefined && isBeforeConditions(standing)) return refused('deny', standing, call);
  const denial = firstDenial(sides, { subject, call, target, facts }) ?? standing;
  if (denial !== undefined) return refused('deny', denial, call);
  const approval = firstApproval(sides);
  if (approval !== undefined) return refused('require_approval', approval, call);
  const { rule, reason } = allowingRule(sides);
  return answer('allow', false, rule, reason, reservations(sides, subject));
}

/** `deny_if` of all that applies comes before `require`; the baseline before the policy, the entry before `all_tools`. */
function firstDenial({ baseline, policy }: Sides, scene: Scene): Refusal | undefined {
  return (
    (baseline && firstMatch(baseline, scene)) ??
    firstMatch(policy, scene) ??
    (baseline && firstUnmet(baseline, scene)) ??
    firstUnmet(policy, scene)
  );
}

function firstMatch({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return biting(entry.denyIf, scene) ?? biting(all.denyIf, scene);
}

function firstUnmet({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return failing(entry.require, scene) ?? failing(all.require, scene);
}

/** Unknown bites: what cannot be judged is taken to match. */
function biting(clauses: readonly Clause[], scene: Scene): Clause | undefined {
  for (const clause of clauses) if (clause.test(scene) !== FALSE) return clause;
  return undefined;
}

/** Unknown bites: what cannot be judged is not met. */
function failing(clauses: readonly Clause[], scene: Scene): Clause | undefined {
  for (const clause of clauses) if (clause.test(scene) !== TRUE) return clause;
  return undefined;
}

function firstApproval({ baseline, policy }: Sides): Refusal | undefined {
  return baseline?.entry.approval ?? baseline?.all.approval ?? policy.entry.approval ?? policy.all.approval;
}

/** Of the rules that allow, one that allows by default is named first, as everywhere; `all_tools` by itself allows nothing. */
function allowingRule({ baseline, policy }: Sides): Outcome {
  if (baseline === undefined) return policy.entry.allowed;
  const isDefaultFirst = policy.entry.allowed.stage === 'default' && baseline.entry.allowed.stage !== 'default';
  return isDefaultFirst ? policy.entry.allowed : baseline.entry.allowed;
}

function reservations({ baseline, policy }: Sides, subject: Subject): readonly Reservation[] {
  const made: Reservation[] = [];
  if (baseline !== undefined) {
    for (const limit of baseline.entry.limits) made.push(reservation(limit, subject));
    for (const limit of baseline.all.limits) made.push(reservation(limit, subject));
  }
  for (const limit of policy.entry.limits) made.push(reservation(limit, subject));
  for (const limit of policy.all.limits) made.push(reservation(limit, subject));
  return made.length === 0 ? NOTHING : Object.freeze(made);
}

function reservation(limit: Limit, subject: Subject): Reservation {
  const { counter, scope, windowMs, max, window, rule, reason } = limit;
  const key = `[${JSON.stringify(scope === 'global' ? '' : subject.server)}${limit.keyMiddle}${scopeKey(limit, subject)}]`;
  return Object.freeze({ key, counter, scope, windowMs, max, add: 1, window, rule, reason });
}

function scopeKey({ scope }: Limit, { grant, session }: Subject): string {
  switch (scope) {
    case 'grant':
      return JSON.stringify(grant.name);
    case 'session':
      return JSON.stringify([grant.name, session]);
    case 'server':
    case 'global':
      return '""';
  }
}

function refused(effect: Effect, { stage, rule, reason, predicate }: Refusal, call: Call): Decision {
  return answer(
    effect,
    stage === 'hide',
    rule,
    reason ?? `The ${call.kind} ${quoted(call.name)} ${predicate}`,
    NOTHING,
  );
}

function answer(
  effect: Effect,
  hidden: boolean,
  rule: RuleRef,
  reason: string,
  reserved: readonly Reservation[],
): Decision {
  return Object.freeze({ effect, hidden, rule, reason, reservations: reserved });
}
