import { answerTo, type Question } from '../../gateway/judge.ts';
import type { Refusal } from '../../gateway/refusal.ts';
import { askedBy, refusalFor } from '../../gateway/verdict.ts';
import type { MemoryCounters } from '../../policy/count/memory-counters.ts';
import type { Decision, Effect, Reservation, Ruling } from '../../policy/decision.ts';
import type { Policies } from '../../policy/policy.ts';
import { reachable } from '../../policy/reachable.ts';
import type { Step } from './case.ts';
import type { Tools } from './listed-tools.ts';

/** What the gateway would say of a call. */
export interface Said {
  readonly effect: Effect;
  readonly rule: string;
  readonly document: 'policy' | 'baseline' | undefined;
  readonly id: string | undefined;
  readonly reason: string;
  readonly retryAfter: number | undefined;
  readonly hidden: boolean;
}

export interface Answer extends Said {
  /** What the counters were asked for. */
  readonly reservations: readonly Reservation[];
  readonly isListed: boolean;
  /** What the rules in shadow would have said of a call that is not refused; undefined where none stands in shadow. */
  readonly would: Said | undefined;
}

/** Judges one call as the gateway does, and counts it if it passes. */
export function sayTo(counters: MemoryCounters, policies: Policies, tools: Tools | undefined, step: Step): Answer {
  const { read } = step;
  if (read.kind === 'fault')
    return { ...refusedMessage(read.reason), reservations: [], isListed: false, would: undefined };
  const { call } = read;
  const tool = call.kind !== 'tool' || tools === undefined ? 'no tool' : tools.get(call.name);
  const isListed = tool !== undefined && reachable(policies, call.kind, call.name, step.class) === 'listed';
  const answer = answerTo(policies, step.subject, call, { class: step.class, tool }, step.at);
  if (answer.kind === 'refused') return { ...saidBy(answer.refusal), reservations: [], isListed, would: undefined };
  return { ...counted(counters, answer, step.at), isListed };
}

function counted(counters: MemoryCounters, question: Question, at: number): Omit<Answer, 'isListed'> {
  let decided: Decision | undefined;
  const { verdict, shadow } = counters.commit({ tick: at, at }, question.counts, (counts) => {
    decided = question.decide(counts);
    return askedBy(decided);
  });
  const decision: Decision = decided ?? question.decide(new Map());
  const { reservations } = decision;
  const refusal = refusalFor(decision, verdict);
  const said = outcomeOf(decision, refusal);
  if (said.effect === 'deny' || decision.shadow === undefined) return { ...said, reservations, would: undefined };
  const would = outcomeOf(decision.shadow, refusalFor(decision.shadow, shadow));
  return { ...said, reservations, would };
}

function outcomeOf(ruling: Ruling, refusal: Refusal | undefined): Said {
  if (refusal !== undefined) return saidBy(refusal);
  const { effect, rule, reason, hidden } = ruling;
  return { effect, rule: rule.pointer, document: rule.document, id: rule.id, reason, retryAfter: undefined, hidden };
}

function saidBy({ decision, rule, ruleId, document, reason, retryAfterSeconds, hidden }: Refusal): Said {
  return { effect: decision, rule, id: ruleId, document, reason, retryAfter: retryAfterSeconds, hidden };
}

/** The gateway refuses what it cannot read as a call before anything is judged. */
function refusedMessage(reason: string): Said {
  return saidBy({ decision: 'deny', rule: '(message refused)', reason, hidden: false });
}
