import type { JsonObject } from '../../wire/json.ts';
import type { Decision, RuleRef } from '../decision.ts';
import type { Policies } from '../policy.ts';
import { shown } from '../problem.ts';
import { freeCounter, withLimit } from './counting.ts';
import { type AskingPlace, askingPlace, exceptFrom } from './except-rule.ts';
import { compileBoth, type Drafted, judgeAgain, mayAsk } from './judge-again.ts';
import { type Narrowness, narrowConditions } from './narrow.ts';
import type { Question } from './proposal.ts';

const MOST_RULES = 200;
const MOVED = 'the rule that asks is not where it was; read the policy again';
const OF_LIMIT =
  'the rule that asks is a limit, which cannot be loosened for some calls alone; raise its max, or give it conditions under "when", in the policy';

type Rule = Pick<RuleRef, 'document' | 'pointer'>;

/** A rule from which the calls are excepted. */
interface Excepted extends Rule {
  readonly place: AskingPlace;
  readonly conditions: readonly JsonObject[];
}

/** The documents with all exceptions that it takes, and what is said of the call then. */
export interface AllExcepted {
  readonly documents: Drafted;
  readonly rules: readonly Rule[];
  readonly decision: Decision;
}

interface Step {
  readonly documents: Drafted;
  readonly policies: Policies;
  readonly excepted: readonly Excepted[];
}

/** Goes on from rule to rule until the call passes by itself; a text says why it cannot. */
export function exceptAll(question: Question, narrowness: Narrowness): AllExcepted | string {
  const { ask, documents, parsers } = question;
  if (isLimit(ask.rule.pointer)) return OF_LIMIT;
  const drafted: Drafted = { policy: documents.policy.document, baseline: documents.baseline?.document };
  const policies = compileBoth(drafted, parsers);
  if (typeof policies === 'string') return policies;
  let step: Step | string = { documents: drafted, policies, excepted: [] };
  if (mayAsk(policies, ask, ask.rule)) step = exceptOne(question, step, ask.rule, narrowness);
  while (typeof step === 'object') {
    const { effect, rule, reason } = judgeAgain(step.policies, ask);
    if (effect === 'deny') return `the ${rule.document} refuses such a call (${shown(rule.pointer)}): ${reason}`;
    if (effect === 'allow') return finished(question, step);
    step = exceptOne(question, step, rule, narrowness);
  }
  return step;
}

function isLimit(pointer: string): boolean {
  return /\/limits\/\d+$|\/rate_limit$/.test(pointer);
}

function exceptOne({ parsers }: Question, step: Step, rule: Rule, narrowness: Narrowness): Step | string {
  const { document, pointer } = rule;
  const isAgain = step.excepted.some((one) => one.document === document && one.pointer === pointer);
  if (isAgain || step.excepted.length >= MOST_RULES) return unsure(rule);
  const place = askingPlace(pointer);
  if (place === undefined) {
    return `the rule ${shown(pointer)} of the ${document} cannot be loosened for some calls alone; change the policy yourself`;
  }
  const conditions = narrowConditions(narrowness, place.reach);
  if (typeof conditions === 'string') return conditions;
  const changed = exceptFrom(step.documents[document] ?? null, place, conditions);
  if (changed === undefined) return MOVED;
  const documents = { ...step.documents, [document]: changed };
  const policies = compileBoth(documents, parsers);
  if (typeof policies === 'string') return policies;
  return { documents, policies, excepted: [...step.excepted, { document, pointer, place, conditions }] };
}

function unsure({ document, pointer }: Rule): string {
  return `the rule ${shown(pointer)} of the ${document} asks all the same: something of the call cannot be judged, such as keys that differ in case alone; choose other bounds, or change the policy yourself`;
}

/** With the limit that is wished for beside the first rule that asked. */
function finished(question: Question, { documents, policies, excepted }: Step): AllExcepted | string {
  const { ask, wishes = {}, parsers, counters = new Set() } = question;
  const [first] = excepted;
  if (first === undefined) return 'no rule asks for such a call any more; it passes by itself';
  const rules = excepted.map(({ document, pointer }) => ({ document, pointer }));
  const decision = judgeAgain(policies, ask);
  if (wishes.limit === undefined) return { documents, rules, decision };
  const counter = freeCounter(ask.call.name, policies, counters);
  const changed = withLimit(
    documents[first.document] ?? null,
    first.place.rules,
    wishes.limit,
    counter,
    first.conditions,
  );
  if (changed === undefined) return MOVED;
  const limited = { ...documents, [first.document]: changed };
  const compiled = compileBoth(limited, parsers);
  return typeof compiled === 'string' ? compiled : { documents: limited, rules, decision };
}
