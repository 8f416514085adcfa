import type { RuleRef, Stage } from './decision.ts';
import type { Outcome, Refusal } from './policy.ts';

export function refusal(stage: Stage, rule: RuleRef, reason: string | undefined, predicate: string): Refusal {
  return Object.freeze({ stage, rule, reason, predicate });
}

export function outcome(stage: Stage, rule: RuleRef, reason: string): Outcome {
  return Object.freeze({ stage, rule: Object.freeze(rule), reason });
}
