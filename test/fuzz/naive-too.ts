import { decide } from '../../src/policy/decide.ts';
import type { Ruling } from '../../src/policy/decision.ts';
import type { Policies } from '../../src/policy/policy.ts';
import { reachable } from '../../src/policy/reachable.ts';
import type { Moment } from '../laws/arbitrary.ts';
import { factsOf } from '../laws/engine.ts';
import { type Documents, judge, type Sentence } from '../laws/naive.ts';
import { aimOf } from '../laws/naive-entry.ts';
import { isListed } from '../laws/naive-reachable.ts';
import { agrees } from './broken.ts';

/** Holds the engine against a naive reading of the raw documents. */
export function checkAgreement(raw: Documents, policies: Policies, moment: Moment): void {
  const { subject, call, target } = moment;
  const facts = factsOf(policies, moment);
  const decision = decide(policies, subject, call, target, facts);
  const verdict = judge(raw, subject, call, target, facts);
  agrees('the naive engine says the same', ruled(decision), sentenced(verdict));
  agrees('the naive engine counts the same', decision.tallies, verdict.tallies);
  agrees(
    'the naive engine says the same of what stands in shadow',
    decision.shadow && ruled(decision.shadow),
    verdict.shadow && sentenced(verdict.shadow),
  );
  const listed = reachable(policies, call.kind, call.name, target.class);
  agrees('the naive engine lists the same', listed, isListed(raw, aimOf(call, target)) ? 'listed' : 'left out');
}

/** Which stage let a call pass is nobody's business. */
function ruled({ effect, hidden, stage, rule, reservations }: Ruling): object {
  return { effect, hidden, stage: effect === 'allow' ? 'any' : stage, rule, reservations };
}

function sentenced({ effect, hidden, stage, named, reservations }: Sentence): object {
  return { effect, hidden, stage: effect === 'allow' ? 'any' : stage, rule: named, reservations };
}
