import type { Call, CallKind } from '../wire/call.ts';
import { countsAsked } from './counts-asked.ts';
import { decide } from './decide.ts';
import type { CounterKey, Decision, Facts, Reservation, RuleRef, Stage, Subject, Target } from './decision.ts';
import { nameIn } from './names.ts';
import type { Clause, Limit, Mode, Policies, Policy, Rules } from './policy.ts';
import { reachable } from './reachable.ts';
import { reservationFor } from './reservation.ts';
import type { Scene } from './scene.ts';
import { type Side, sidesOf } from './standing.ts';
import type { Trace } from './trace.ts';
import { FALSE, TRUE } from './truth.ts';
import { unsatisfied } from './validate.ts';
import { BOUNDLESS } from './work.ts';

/** How a call came to its answer: everything that was looked at, in the order in which it counts. */
export interface Explanation {
  readonly kind: CallKind;
  readonly decision: Decision;
  /** Whether the name stands in lists. */
  readonly listed: 'listed' | 'left out';
  /** What speaks in each document, the baseline first. */
  readonly speakers: readonly Speaker[];
  readonly rules: readonly RuleTrace[];
  readonly limits: readonly LimitTrace[];
  /** Calls that the rules count, with the number that was given. */
  readonly counts: readonly (CounterKey & { readonly calls: number | undefined })[];
}

/** The rules of a document that speak for a call. */
export interface Speaker {
  readonly document: 'policy' | 'baseline';
  /** Of the entry: `/tools/x`, `/classes/write`, `/default`. */
  readonly pointer: string;
  readonly mode: Mode;
  /** The name or pattern under `hide` that hides it; undefined where none does. */
  readonly hiddenBy: string | undefined;
}

/** What one rule said of the call. */
export interface RuleTrace {
  readonly rule: RuleRef;
  readonly stage: Stage;
  /** `refuses` and `asks` bite; `passes` does not; in shadow a rule that would bite does not. */
  readonly says: 'refuses' | 'asks' | 'passes';
  readonly mode: Mode;
  /** How its conditions came out; undefined for rules without. */
  readonly trace: Trace | undefined;
  /** The words of a rule without conditions that bites. */
  readonly note: string | undefined;
}

/** What one limit would do. */
export type LimitTrace =
  | { readonly kind: 'counts'; readonly mode: Mode; readonly reservation: Reservation }
  | { readonly kind: 'refuses'; readonly mode: Mode; readonly rule: RuleRef; readonly note: string }
  | { readonly kind: 'leaves out'; readonly mode: Mode; readonly rule: RuleRef; readonly trace: Trace };

/** Judges a call as `decide` does, and tells all that was looked at. */
export function explain(policies: Policies, subject: Subject, call: Call, target: Target, facts: Facts): Explanation {
  const scene: Scene = { subject, call, target, facts, work: BOUNDLESS };
  const sides = sidesOf(policies, { kind: call.kind, name: call.name, class: target.class });
  const both: readonly (readonly [Policy, Side])[] = [
    ...(policies.baseline && sides.baseline ? [[policies.baseline, sides.baseline] as const] : []),
    [policies.policy, sides.policy],
  ];
  return {
    kind: call.kind,
    decision: decide(policies, subject, call, target, facts),
    listed: reachable(policies, call.kind, call.name, target.class),
    speakers: both.map(([policy, side]) => speakerOf(policy, side, call.name)),
    rules: both.flatMap(([policy, side]) =>
      [side.entry, side.all].flatMap((rules) => rulesOf(rules, scene, modeOf(policy, rules))),
    ),
    limits: both.flatMap(([policy, side]) =>
      [side.entry, side.all].flatMap((rules) =>
        rules.limits.map((limit) => limitOf(limit, scene, modeOf(policy, rules))),
      ),
    ),
    counts: countsAsked(policies, subject, call, target).map((count) => ({
      ...count,
      calls: facts.calls.get(count.key),
    })),
  };
}

function modeOf(policy: Policy, rules: Rules): Mode {
  return policy.mode === 'shadow' ? 'shadow' : rules.mode;
}

function speakerOf(policy: Policy, { entry, hidden }: Side, name: string): Speaker {
  const pointer = entry.allowed.rule.pointer.replace(/\/action$/, '');
  const hiddenBy = hidden === undefined ? undefined : nameIn(policy.hide, name);
  return { document: policy.document, pointer, mode: modeOf(policy, entry), hiddenBy };
}

function rulesOf(rules: Rules, scene: Scene, mode: Mode): readonly RuleTrace[] {
  return [
    ...standingOf(rules, mode),
    ...rules.denyIf.map((clause) => clauseOf(clause, scene, mode, 'refuses')),
    ...rules.require.map((clause) => clauseOf(clause, scene, mode, 'refuses')),
    ...validationOf(rules, scene, mode),
    ...approvalOf(rules, mode),
    ...rules.approveIf.map((clause) => clauseOf(clause, scene, mode, 'asks')),
  ];
}

/** Refusals by hiding, default and action; those by conditions and limits are told by themselves. */
function standingOf({ standing }: Rules, mode: Mode): readonly RuleTrace[] {
  if (standing === undefined || standing.stage === 'deny_if' || standing.stage === 'limit') return [];
  const { rule, stage, reason, predicate } = standing;
  return [{ rule, stage, says: 'refuses', mode, trace: undefined, note: reason ?? predicate }];
}

function approvalOf({ approval }: Rules, mode: Mode): readonly RuleTrace[] {
  if (approval === undefined) return [];
  const { rule, stage, reason, predicate } = approval;
  return [{ rule, stage, says: 'asks', mode, trace: undefined, note: reason ?? predicate }];
}

function clauseOf(clause: Clause, scene: Scene, mode: Mode, bite: 'refuses' | 'asks'): RuleTrace {
  const { rule, stage, condition } = clause;
  const trace = condition.trace(scene);
  const bites = stage === 'require' ? trace.truth !== TRUE : trace.truth !== FALSE;
  return { rule, stage, says: bites ? bite : 'passes', mode, trace, note: undefined };
}

function validationOf({ validate }: Rules, scene: Scene, mode: Mode): readonly RuleTrace[] {
  if (validate === undefined) return [];
  const refusal = unsatisfied(validate, scene);
  const says = refusal === undefined ? 'passes' : 'refuses';
  return [{ rule: validate.rule, stage: 'validate', says, mode, trace: undefined, note: refusal?.predicate }];
}

function limitOf(limit: Limit, scene: Scene, mode: Mode): LimitTrace {
  const made = reservationFor(limit, scene);
  switch (made.kind) {
    case 'reservation':
      return { kind: 'counts', mode, reservation: made.reservation };
    case 'refused':
      return { kind: 'refuses', mode, rule: limit.rule, note: made.refusal.predicate };
    case 'none': {
      const trace = limit.when?.trace(scene) ?? { kind: 'all', parts: [], truth: TRUE };
      return { kind: 'leaves out', mode, rule: limit.rule, trace };
    }
  }
}
