import { type Json, objectOf } from '../../wire/json.ts';
import { compilePolicy } from '../compile.ts';
import { countsAsked } from '../counts-asked.ts';
import { decide } from '../decide.ts';
import type { Decision, Definition, Facts, RuleRef, Target } from '../decision.ts';
import type { Policies, Policy } from '../policy.ts';
import { NO_PARSERS, type SqlParsers } from '../sql/parsers.ts';
import { enforcedOf, sidesOf } from '../standing.ts';
import { FALSE } from '../truth.ts';
import { newWork } from '../work.ts';
import type { Ask } from './proposal.ts';

/** The documents as they are at one step of a proposal. */
export interface Drafted {
  readonly policy: Json;
  readonly baseline: Json | undefined;
}

/** How often calls may have been let through, where nobody says: not at all, once, ever so often. */
const GUESSES: readonly number[] = [0, 1, 1_000_000];
/** Stands for a tool whose definition is not at hand: what is said of it is judged when it is called. */
const UNSEEN: Definition = {
  annotations: objectOf([]),
  input: () => ({ kind: 'schema', check: () => undefined }),
};

/** Compiles both documents; a text says why one does not load. */
export function compileBoth(documents: Drafted, parsers: SqlParsers = NO_PARSERS): Policies | string {
  const policy = compileOne(documents.policy, 'policy', parsers);
  if (typeof policy === 'string') return policy;
  if (documents.baseline === undefined) return { policy, baseline: undefined };
  const baseline = compileOne(documents.baseline, 'baseline', parsers);
  return typeof baseline === 'string' ? baseline : { policy, baseline };
}

function compileOne(document: Json, which: 'policy' | 'baseline', parsers: SqlParsers): Policy | string {
  const compiled = compilePolicy(document, which, parsers);
  if (compiled.kind === 'policy') return compiled.policy;
  const [first] = compiled.problems;
  return `the ${which} would not load: ${first === undefined ? '' : `${first.pointer}: ${first.message}`}`;
}

/** What is said of the call now: the mildest that any number of earlier calls can bring about, where that number is not known. */
export function judgeAgain(policies: Policies, ask: Ask): Decision {
  const target = targetOf(ask);
  const judged = factsFor(policies, ask).map((facts) => decide(policies, ask.subject, ask.call, target, facts));
  const [first] = judged;
  const mild = judged.find(({ effect }) => effect !== 'deny') ?? first;
  return mild ?? decide(policies, ask.subject, ask.call, target, { at: ask.at, calls: new Map() });
}

function factsFor(policies: Policies, ask: Ask): readonly Facts[] {
  const { at, calls } = ask;
  if (calls !== undefined) return [{ at, calls }];
  const asked = countsAsked(policies, ask.subject, ask.call, targetOf(ask));
  if (asked.length === 0) return [{ at, calls: new Map() }];
  return GUESSES.map((count) => ({ at, calls: new Map(asked.map(({ key }) => [key, count])) }));
}

function targetOf({ target }: Ask): Target {
  return target.definition === undefined ? { ...target, definition: UNSEEN } : target;
}

/** Whether a rule asks for the call, or may do so: counts that are not known are not held in its favour. */
export function mayAsk(policies: Policies, ask: Ask, { document, pointer }: Omit<RuleRef, 'id'>): boolean {
  const target = targetOf(ask);
  const { call, subject, at } = ask;
  const named = { kind: call.kind, name: call.name, class: target.class };
  const side = enforcedOf(sidesOf(policies, named), policies)[document];
  const scene = { subject, call, target, facts: { at, calls: ask.calls ?? new Map() }, work: newWork() };
  return [side?.entry, side?.all].some(
    (rules) =>
      rules?.approval?.rule.pointer === pointer ||
      rules?.approveIf.some(({ rule, condition }) => rule.pointer === pointer && condition.test(scene) !== FALSE),
  );
}
