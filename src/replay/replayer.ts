import { answerTo, type Question } from '../gateway/judge.ts';
import type { Refusal } from '../gateway/refusal.ts';
import { askedBy, refusalFor } from '../gateway/verdict.ts';
import type { MemoryCounters } from '../policy/count/memory-counters.ts';
import type { Moment } from '../policy/count/slot.ts';
import type { LimitAfter, Verdict } from '../policy/count/verdict.ts';
import type { Decision } from '../policy/decision.ts';
import type { Policies } from '../policy/policy.ts';
import { callsAgain, type Sources } from './call-again.ts';
import { isSure, newLedger } from './ledger.ts';
import type { Told } from './read-record.ts';
import { isRuleOutside, type RecordedCall, type RecordedRuling } from './recorded-call.ts';
import { look, type Unknown, type Witness } from './witness.ts';

/** What the draft says of a recorded call. */
type Replayed =
  | {
      readonly kind: 'judged';
      readonly said: RecordedRuling;
      /** What its rules in shadow would have refused it for; undefined for what is denied, or would pass them. */
      readonly would: RecordedRuling | undefined;
      /** Where its counters would stand after it. */
      readonly limits: readonly LimitAfter[];
    }
  /** It would have looked at what was not kept, or at counters of which nobody knows where they would stand. */
  | { readonly kind: 'cannot tell'; readonly why: Unknown }
  /** No policy had a say in it: a definition that was not accepted, a name that the server does not list. */
  | { readonly kind: 'not judged'; readonly rule: string };

export type Replay =
  /** `again`: not the first record about one question to a person, and so of a call that was met already. */
  | { readonly kind: 'first' | 'again'; readonly call: RecordedCall; readonly replayed: Replayed }
  /** So is this one, and the draft let that call pass: it would not have been made again. */
  | { readonly kind: 'over'; readonly call: RecordedCall };

/** What is known of a call about which a person was asked: whether the draft let it pass at once. */
type Met = 'asked' | 'passed' | Unknown;

export interface ReplayOptions {
  /** What the draft holds for a call; undefined where it holds no policy for its grant and server. */
  policiesFor(call: RecordedCall): Policies | undefined;
  readonly sources: Sources;
  /** Calls of which nothing reached a server: what they take of limits is given back, later. */
  readonly givenBack: ReadonlySet<string>;
}

export interface Replayer {
  /** Takes what the next record tells, in the order of the log; gives what becomes of a call. */
  take(told: Told): Replay | undefined;
}

const NO_POLICY: RecordedRuling = { effect: 'deny', rule: '(no policy)', id: undefined, document: undefined };
const RESERVED: Verdict = Object.freeze({ kind: 'reserved' });

/** Goes through a log once more as if the draft had been in force, limits included. */
export function replayer({ policiesFor, sources, givenBack }: ReplayOptions): Replayer {
  const ledger = newLedger(givenBack);
  const witness: Witness = { saw: undefined };
  const callAgain = callsAgain(sources, witness);
  const questions = new Map<string, Met>();
  let tick = Number.NEGATIVE_INFINITY;

  /** `before`: what nobody knows of an earlier record of the same call. */
  function replayed(call: RecordedCall, before: Unknown | undefined): Replayed {
    if (isRuleOutside(call.said.rule)) return { kind: 'not judged', rule: call.said.rule };
    const policies = policiesFor(call);
    if (policies === undefined) return { kind: 'judged', said: NO_POLICY, would: undefined, limits: [] };
    // Time for limits never ran backwards, whatever a clock said.
    tick = Math.max(tick, call.tick ?? call.at);
    const moment: Moment = { tick, at: call.at };
    witness.saw = before;
    const again = callAgain(call);
    const named = { class: call.class, tool: again.tool };
    const answer = answerTo(policies, again.subject, again.call, named, call.at);
    const outcome: Judgement =
      answer.kind === 'refused'
        ? { said: rulingIn(answer.refusal), would: undefined, passes: false, limits: [], undo: () => {} }
        : pass(call, answer, moment);
    const why = witness.saw;
    if (why === undefined) {
      const { said, would, limits, passes, undo } = outcome;
      meet(call, passes ? 'passed' : 'asked');
      if (call.round === 'first' && call.came === 'allow') {
        ledger.keep(call.id, () => {
          undo();
          // The approval is given back too, and serves another time.
          meet(call, 'asked');
        });
      }
      return { kind: 'judged', said, would, limits };
    }
    outcome.undo();
    meet(call, why);
    if (call.round === 'first') ledger.suspect(policies, call, again, witness, moment);
    return { kind: 'cannot tell', why };
  }

  function meet({ approval }: RecordedCall, how: Met): void {
    if (approval !== undefined) questions.set(approval, how);
  }

  /** One pass as the gateway makes it; what a person did then is done again. */
  function pass(call: RecordedCall, question: Question, moment: Moment): Judgement {
    const calls = ledger.counted(question.counts, moment, witness);
    const decision = question.decide(calls);
    const { low, high } = ledger;
    if (call.round === 'later') return { ...judgement(call, decision, RESERVED, RESERVED), limits: [], undo: () => {} };
    const sure = passThrough(low, call, decision, moment);
    if (high === undefined || witness.saw !== undefined) return sure;
    const most = passThrough(high, call, decision, moment);
    if (!isSame(sure, most) || !isSure(ledger, decision, moment)) look(witness, 'counts');
    const undo = (): void => {
      sure.undo();
      most.undo();
    };
    return { ...sure, undo };
  }

  return {
    take(told) {
      if (told.kind === 'unsent') ledger.giveBack(told.id);
      if (told.kind !== 'call') return undefined;
      const { call } = told;
      const met = call.approval === undefined ? undefined : questions.get(call.approval);
      // What passed outright is over: nobody was asked, and it was not made again.
      if (met === 'passed') return { kind: 'over', call };
      const before = met === 'asked' ? undefined : met;
      return { kind: met === undefined ? 'first' : 'again', call, replayed: replayed(call, before) };
    },
  };
}

interface Judgement {
  readonly said: RecordedRuling;
  readonly would: RecordedRuling | undefined;
  /** Whether it would have been sent. */
  readonly passes: boolean;
  readonly limits: readonly LimitAfter[];
  undo(): void;
}

function passThrough(
  counters: MemoryCounters,
  call: RecordedCall,
  decision: Decision,
  moment: Moment,
): Judgement & { readonly verdict: Verdict } {
  let first: Verdict = RESERVED;
  let ruled: 'pass' | 'stop' | undefined;
  const { verdict, shadow, limits, giveBack } = counters.commit(
    moment,
    [],
    () => askedBy(decision),
    (found) => {
      first = found;
      ruled = rulingOfPerson(call, refusalFor(decision, found));
      return ruled;
    },
  );
  // More values than may live are refused, whoever approves.
  const isBeyondApproval = ruled === 'pass' && verdict.kind === 'exceeded';
  const seen = isBeyondApproval ? verdict : first;
  return { ...judgement(call, decision, seen, shadow), verdict: seen, limits, undo: giveBack };
}

/** What the person said then, wherever somebody would be asked; who was never asked approved of what passed. */
function rulingOfPerson({ said, came }: RecordedCall, refusal: Refusal | undefined): 'pass' | 'stop' | undefined {
  if (refusal === undefined) return said.effect === 'allow' && came !== 'allow' ? 'stop' : undefined;
  return refusal.decision === 'require_approval' && came === 'allow' ? 'pass' : undefined;
}

function judgement(
  call: RecordedCall,
  decision: Decision,
  verdict: Verdict,
  shadow: Verdict,
): Omit<Judgement, 'undo' | 'limits'> {
  const refusal = refusalFor(decision, verdict);
  const { pointer: rule, id, document } = decision.rule;
  const said: RecordedRuling = refusal === undefined ? { effect: 'allow', rule, id, document } : rulingIn(refusal);
  const person = rulingOfPerson(call, refusal);
  const passes = refusal === undefined ? person !== 'stop' : person === 'pass';
  const would =
    said.effect === 'deny' || decision.shadow === undefined ? undefined : refusalFor(decision.shadow, shadow);
  return { said, would: would && rulingIn(would), passes };
}

function rulingIn({ decision, rule, ruleId, document }: Refusal): RecordedRuling {
  return { effect: decision, rule, id: ruleId, document };
}

function isSame(
  one: { readonly verdict: Verdict; readonly said: RecordedRuling; readonly would: RecordedRuling | undefined },
  other: { readonly verdict: Verdict; readonly said: RecordedRuling; readonly would: RecordedRuling | undefined },
): boolean {
  return (
    one.verdict.kind === other.verdict.kind && sameRuling(one.said, other.said) && sameRuling(one.would, other.would)
  );
}

function sameRuling(one: RecordedRuling | undefined, other: RecordedRuling | undefined): boolean {
  return one?.effect === other?.effect && one?.rule === other?.rule && one?.document === other?.document;
}
