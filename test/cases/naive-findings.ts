import { refusalFor } from '../../src/gateway/verdict.ts';
import { type MemoryCounters, memoryCounters } from '../../src/policy/count/memory-counters.ts';
import { countsAsked } from '../../src/policy/counts-asked.ts';
import type { RuleRef, Target } from '../../src/policy/decision.ts';
import type { CallCase, Case, Step } from '../../src/settings/cases/case.ts';
import { type Finding, findingsOf } from '../../src/settings/cases/finding.ts';
import { listedTools, type Tools } from '../../src/settings/cases/listed-tools.ts';
import type { Answer } from '../../src/settings/cases/say-to.ts';
import type { Item } from '../../src/settings/reading.ts';
import { isObject, type JsonObject } from '../../src/wire/json.ts';
import { compiled } from '../laws/engine.ts';
import { type Documents, judge, type Sentence } from '../laws/naive.ts';
import { aimOf } from '../laws/naive-entry.ts';
import { isListed } from '../laws/naive-reachable.ts';

/** What the naive engine says otherwise than wanted; nothing for what never comes to be judged. */
export function naiveFindings(one: Case): readonly Finding[] {
  if (one.kind === 'document') return [];
  const counters = memoryCounters();
  const scene: Scene = {
    documents: { policy: objectIn(one.policy), baseline: one.baseline && objectIn(one.baseline) },
    tools: one.tools && listedTools({ env: {}, found: [] }, one.tools),
  };
  for (const step of one.earlier) {
    for (let time = 0; time < step.times; time++) answerTo(counters, scene, step);
  }
  const answer = answerTo(counters, scene, one.asked);
  return answer === undefined ? [] : findingsOf(silent(one), answer).filter(({ isAsWanted }) => !isAsWanted);
}

interface Scene {
  readonly documents: Documents;
  readonly tools: Tools | undefined;
}

/** The naive engine has no words of its own. */
function silent({ want }: CallCase): CallCase['want'] {
  const { would } = want;
  const mute = would === undefined || would === 'none' ? would : { ...would, reason: undefined };
  return { ...want, reason: undefined, would: mute };
}

function answerTo(counters: MemoryCounters, { documents, tools }: Scene, step: Step): Answer | undefined {
  if (step.read.kind === 'fault') return undefined;
  const { call } = step.read;
  const definition = call.kind === 'tool' ? tools?.get(call.name) : undefined;
  if (call.kind === 'tool' && tools !== undefined && definition === undefined) return undefined;
  const target: Target = { class: step.class, definition };
  const { subject, at } = step;
  const asked = countsAsked(compiled(documents), subject, call, target);
  let verdict = judge(documents, subject, call, target, { at, calls: new Map(asked.map(({ key }) => [key, 0])) });
  const settled = counters.commit({ tick: at, at }, asked, (calls) => {
    verdict = judge(documents, subject, call, target, { at, calls });
    const { effect, reservations, tallies, shadow } = verdict;
    const passes = effect === 'allow';
    return {
      reservations,
      mode: passes ? 'take' : 'check',
      tallies: passes ? tallies : [],
      shadow: passes && shadow?.effect === 'allow' ? shadow.reservations : [],
    };
  });
  const said = saidOf(verdict, settled.verdict);
  const would = said.effect === 'deny' ? undefined : verdict.shadow && saidOf(verdict.shadow, settled.shadow);
  return { ...said, reservations: verdict.reservations, isListed: isListed(documents, aimOf(call, target)), would };
}

type Settled = Parameters<typeof refusalFor>[1];

function saidOf(sentence: Sentence, verdict: Settled): Omit<Answer, 'reservations' | 'isListed' | 'would'> {
  const refusal = refusalFor({ ...sentence, rule: sentence.named, reason: '' }, verdict);
  const rule: RuleRef =
    refusal === undefined
      ? sentence.named
      : { pointer: refusal.rule, id: refusal.ruleId, document: refusal.document ?? 'policy' };
  return {
    effect: refusal === undefined ? 'allow' : refusal.decision,
    rule: rule.pointer,
    id: rule.id,
    document: rule.document,
    reason: '',
    retryAfter: refusal?.retryAfterSeconds,
    hidden: refusal?.hidden ?? false,
  };
}

function objectIn({ value }: Item): JsonObject {
  if (isObject(value)) return value;
  throw new Error('our own cases hold their documents inline');
}
