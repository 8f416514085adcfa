import type { Call } from '../wire/call.ts';
import { isUnsafeUri } from '../wire/unsafe-uri.ts';
import { talliesOf } from './counts-asked.ts';
import type { CounterKey, Decision, Effect, Facts, Reservation, Ruling, Subject, Target } from './decision.ts';
import type { Clause, Outcome, Policies, Refusal, Validation } from './policy.ts';
import { quoted } from './problem.ts';
import { refusal } from './refusal.ts';
import { reservationsOf, SHADOW_KEY } from './reservation.ts';
import type { Scene } from './scene.ts';
import { enforcedOf, isBeforeConditions, type Side, type Sides, sidesOf, standingRefusal } from './standing.ts';
import { FALSE, TRUE } from './truth.ts';
import { unsatisfied } from './validate.ts';
import { newWork, type Work } from './work.ts';

const NO_RESERVATIONS: readonly Reservation[] = Object.freeze([]);
const NO_TALLIES: readonly CounterKey[] = Object.freeze([]);
const UNSAFE = refusal(
  'arguments',
  Object.freeze({ document: 'policy', pointer: '(arguments)', id: undefined }),
  undefined,
  'is refused: its URI has dot segments, encoded separators or control characters, which a server may read otherwise.',
);

/**
 * Judges one call. Total, deterministic, reads nothing but its arguments, never throws.
 * Allowed means: allowed once all reservations are made. With the work of `prejudge` its costly tests are done already.
 */
export function decide(
  policies: Policies,
  subject: Subject,
  call: Call,
  target: Target,
  facts: Facts,
  work: Work = newWork(),
): Decision {
  const scene: Scene = { subject, call, target, facts, work };
  const sides = sidesOf(policies, { kind: call.kind, name: call.name, class: target.class });
  const enforced = enforcedOf(sides, policies);
  // Two rulings on one call look at the same values.
  if (enforced !== sides) work.known ??= new Map();
  const { effect, hidden, stage, rule, reason, reservations } = ruleOn(enforced, scene);
  const shadow = enforced === sides || effect === 'deny' ? undefined : inShadow(ruleOn(sides, scene));
  const tallies = effect === 'deny' ? NO_TALLIES : talliesOf(policies, subject, call);
  return Object.freeze({ effect, hidden, stage, rule, reason, reservations, tallies, shadow });
}

/** What is enforced is reserved in any case; only the limits in shadow are counted for it. */
function inShadow(ruling: Ruling): Ruling {
  const reservations = Object.freeze(ruling.reservations.filter(({ key }) => key.endsWith(SHADOW_KEY)));
  return Object.freeze({ ...ruling, reservations });
}

function ruleOn(sides: Sides, scene: Scene): Ruling {
  if (scene.call.kind === 'resource' && isUnsafeUri(scene.call.name)) return refused('deny', UNSAFE, scene.call);
  const standing = standingRefusal(sides);
  if (standing !== undefined && isBeforeConditions(standing)) return refused('deny', standing, scene.call);
  const denial = firstDenial(sides, scene);
  if (denial !== undefined) return refused('deny', denial, scene.call);
  const reserved = reservationsOf(sides, scene);
  if (reserved.kind === 'refused') return refused('deny', reserved.refusal, scene.call);
  const approval = firstApproval(sides, scene);
  if (approval !== undefined) return refused('require_approval', approval, scene.call, reserved.reservations);
  const { stage, rule, reason } = allowingRule(sides);
  return { effect: 'allow', hidden: false, stage, rule, reason, reservations: reserved.reservations };
}

/** Stage by stage; in each the baseline comes before the policy, the entry before `all_tools`. */
function firstDenial({ baseline, policy }: Sides, scene: Scene): Refusal | undefined {
  return (
    (baseline && firstMatch(baseline, scene)) ??
    firstMatch(policy, scene) ??
    (baseline && firstUnmet(baseline, scene)) ??
    firstUnmet(policy, scene) ??
    (baseline && firstInvalid(baseline, scene)) ??
    firstInvalid(policy, scene)
  );
}

function firstMatch({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return biting(entry.denyIf, scene) ?? biting(all.denyIf, scene);
}

function firstUnmet({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return failing(entry.require, scene) ?? failing(all.require, scene);
}

function firstInvalid({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return invalid(entry.validate, scene) ?? invalid(all.validate, scene);
}

function invalid(validation: Validation | undefined, scene: Scene): Refusal | undefined {
  return validation === undefined ? undefined : unsatisfied(validation, scene);
}

/** Unknown bites: what cannot be judged is taken to match. */
function biting(clauses: readonly Clause[], scene: Scene): Clause | undefined {
  for (const clause of clauses) if (clause.condition.test(scene) !== FALSE) return clause;
  return undefined;
}

/** Unknown bites: what cannot be judged is not met. */
function failing(clauses: readonly Clause[], scene: Scene): Clause | undefined {
  for (const clause of clauses) if (clause.condition.test(scene) !== TRUE) return clause;
  return undefined;
}

function firstApproval({ baseline, policy }: Sides, scene: Scene): Refusal | undefined {
  return (
    baseline?.entry.approval ??
    baseline?.all.approval ??
    policy.entry.approval ??
    policy.all.approval ??
    (baseline && firstAsking(baseline, scene)) ??
    firstAsking(policy, scene)
  );
}

function firstAsking({ entry, all }: Side, scene: Scene): Refusal | undefined {
  return biting(entry.approveIf, scene) ?? biting(all.approveIf, scene);
}

/** Of the rules that allow, one that allows by default is named first, as everywhere; `all_tools` by itself allows nothing. */
function allowingRule({ baseline, policy }: Sides): Outcome {
  if (baseline === undefined) return policy.entry.allowed;
  const isDefaultFirst = policy.entry.allowed.stage === 'default' && baseline.entry.allowed.stage !== 'default';
  return isDefaultFirst ? policy.entry.allowed : baseline.entry.allowed;
}

function refused(
  effect: Exclude<Effect, 'allow'>,
  { stage, rule, reason, predicate }: Refusal,
  call: Call,
  reservations: readonly Reservation[] = NO_RESERVATIONS,
): Ruling {
  const said = reason ?? `The ${call.kind} ${quoted(call.name)} ${predicate}`;
  return { effect, hidden: stage === 'hide', stage, rule, reason: said, reservations };
}
