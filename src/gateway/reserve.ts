import type { Asked } from '../policy/count/plan-pass.ts';
import type { Decision, RuleRef } from '../policy/decision.ts';
import { agreedBy } from './approvals/answer.ts';
import type { Approval } from './approvals/approval.ts';
import type { Consultation } from './approvals/approval-ports.ts';
import { type Consulted, consultation } from './approvals/consult.ts';
import { type Asking, definitionMark, inquiryOf, markedRule, shownText } from './approvals/inquire.ts';
import type { Gate } from './gate.ts';
import { type Judged, NO_COUNTS } from './judge.ts';
import { limitRefusal } from './limit-refusal.ts';
import { type Plan, type Receipt, StoreFault, type Verdict } from './ports.ts';
import { type ApprovedBy, allowedBody, type Committing, refusedBody, type Said } from './record.ts';
import { fixedRefusal, type Refusal, refusalOf } from './refusal.ts';
import { askedBy, refusalFor } from './verdict.ts';

export type Reserved =
  | {
      readonly kind: 'reserved';
      readonly receipt: Receipt;
      /** What a person approved of, where one had to. */
      readonly approval: Approval | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** A person is asked; nothing is reserved. */
  | { readonly kind: 'asked'; readonly refusal: Refusal; readonly approval: Approval }
  /** A person approved of other arguments: these are to be judged. Nothing is reserved. */
  | { readonly kind: 'edited'; readonly approval: Approval };

type ReservedUnasked = Extract<Reserved, { kind: 'reserved' | 'refused' }>;

/** Whether a message is counted, or continues a call that was; then with what a person approved of that call. */
export type Count = 'first' | { readonly continues: Approval | undefined };

const NOTHING: Asked = { reservations: [], mode: 'take', tallies: [], shadow: [] };

/** What came out of the transaction, as its callbacks told it. */
interface Heard {
  refusal: Refusal | undefined;
  consulted: Consulted | undefined;
}

/**
 * One transaction: all of the call's limits or none, the approval that it needs or the question about it, and its record, whatever it says.
 * The store down means refused. Without `asking` nobody is asked: what needs a person is refused.
 */
export function reserveAndRecord(gate: Gate, id: string, judged: Judged, count: Count): Promise<ReservedUnasked>;
export function reserveAndRecord(
  gate: Gate,
  id: string,
  judged: Judged,
  count: Count,
  asking: Asking,
): Promise<Reserved>;
export async function reserveAndRecord(
  gate: Gate,
  id: string,
  judged: Judged,
  count: Count,
  asking?: Asking,
): Promise<Reserved> {
  const { answer, at } = judged;
  const { tick, lead } = gate.clock;
  const counts = answer.kind === 'question' ? answer.counts : [];
  const heard: Heard = { refusal: undefined, consulted: undefined };
  const passing: Passing = { gate, id, at, judged, count, asking, heard };
  const judge = (found: ReadonlyMap<string, number>): Plan =>
    answer.kind === 'question' ? planFor(passing, answer.decide(found)) : refusing(passing, answer.refusal);
  try {
    const { receipt } = await gate.store.commit({ id, at, tick, lead, counts, judge });
    const { consulted, refusal } = heard;
    if (consulted !== undefined && consulted.kind !== 'used') {
      gate.approvals.poke();
      return consulted.kind === 'refused' && refusal !== undefined ? { kind: 'refused', refusal } : consulted;
    }
    if (refusal !== undefined) return { kind: 'refused', refusal };
    if (consulted !== undefined) gate.approvals.poke();
    const continued = count === 'first' ? undefined : count.continues;
    return { kind: 'reserved', receipt, approval: consulted?.approval ?? continued };
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`refused ${id}: the store is unavailable: ${fault.message}`);
    return { kind: 'refused', refusal: withoutStore(answer) };
  }
}

interface Passing {
  readonly gate: Gate;
  readonly id: string;
  readonly at: number;
  readonly judged: Judged;
  readonly count: Count;
  readonly asking: Asking | undefined;
  readonly heard: Heard;
}

/** What a decision asks of the counters and of people; `heard` is told what the verdict makes of it. */
function planFor(passing: Passing, decision: Decision): Plan {
  const { judged, count, asking, heard } = passing;
  let stopped: RuleRef | undefined;
  /** Before a person lifted what stood in the way. */
  let plain: Refusal | undefined;
  return {
    ...(count === 'first' ? askedBy(decision) : NOTHING),
    value: judged.told.kept,
    ...(asking === undefined
      ? {}
      : {
          consult(verdict: Verdict) {
            plain = refusalFor(decision, verdict);
            return consult(passing, asking, decision, verdict, (by) => (stopped = by));
          },
        }),
    body(verdict, shadow, tick) {
      const { consulted } = heard;
      const settled = refusalFor(decision, verdict);
      const refused = refusalIn(consulted, settled, isContinued(passing, decision));
      heard.refusal = refused;
      const wouldHave = decision.shadow && refusalFor(decision.shadow, shadow);
      const committing = committingOf(passing, tick, plain ?? settled ?? decision, refused);
      return refused === undefined
        ? allowedBody(judged.told.fields, decision, wouldHave, committing, approvedBy(consulted, count, stopped))
        : refusedBody(judged.told.fields, refused, refused.decision === 'deny' ? undefined : wouldHave, committing);
    },
  };
}

/** What the rules said is told where something else came of it: a person approved of it, or denied it, or could not be asked. */
function committingOf(
  { count, asking, heard: { consulted } }: Passing,
  tick: number,
  said: Said,
  came: Refusal | undefined,
): Committing {
  const effect = 'effect' in said ? 'allow' : said.decision;
  return {
    round: count === 'first' ? count : 'later',
    tick,
    said: effect === (came?.decision ?? 'allow') ? undefined : said,
    waited: consulted?.kind === 'edited' ? consulted.approval.id : came === undefined ? undefined : waitedFor(asking),
  };
}

/** The question about a call whose client waited for the answer. */
function waitedFor(asking: Asking | undefined): string | undefined {
  return asking === undefined || asking.claim.kind === 'any' ? undefined : asking.claim.id;
}

/** Looks for a person's approval where nothing but that is missing, and where a pass was promised one. */
function consult(
  passing: Passing,
  asking: Asking,
  decision: Decision,
  verdict: Verdict,
  stopped: (by: RuleRef | undefined) => void,
): Consultation | undefined {
  const { id, at, judged, heard } = passing;
  const refusal = refusalFor(decision, verdict);
  if (refusal !== undefined && (refusal.decision === 'deny' || isContinued(passing, decision))) return undefined;
  // Who waited for an answer gets it: what was denied meanwhile is not sent because a rule asks no more.
  if (refusal === undefined && asking.claim.kind === 'any') return undefined;
  // What an approver wrote is judged here: no answer to what the agent wrote fits it.
  if (isOfEdit(passing, asking)) return undefined;
  const { policies, standing, class: riskClass } = judged;
  if (policies === undefined || standing === undefined) return undefined;
  const exceeded = verdict.kind === 'exceeded' ? [verdict.reservation, ...(verdict.also ?? [])] : [];
  const [limit] = exceeded;
  stopped(limit?.rule);
  const asked = refusal && { ...refusal, reason: reasonsOf(refusal, verdict) };
  const rule = asked === undefined ? undefined : { rule: ruleIn(asked), refusal: asked };
  const limits = exceeded.map((one) => one.rule);
  const inquiry = inquiryOf(asking, { policies, standing, class: riskClass }, id, at, rule, limits);
  return consultation(inquiry, (consulted) => {
    heard.consulted = consulted;
  });
}

/** A person is told of all that asks: the rule that is named, and the limit beyond which the call is. */
function reasonsOf(refusal: Refusal, verdict: Verdict): string {
  if (verdict.kind !== 'exceeded') return refusal.reason;
  const { reason } = limitRefusal(verdict);
  return refusal.reason === reason ? reason : `${refusal.reason} ${reason}`;
}

function ruleIn({ rule, ruleId, document }: Refusal): RuleRef {
  return { document: document ?? 'policy', pointer: rule, id: ruleId };
}

/** A later round of a call of which a person approved: the same rule asks about the same definition, and was answered. */
function isContinued({ gate, judged, count, asking }: Passing, decision: Decision): boolean {
  const approved = count === 'first' ? undefined : count.continues;
  if (approved === undefined || judged.standing === undefined || decision.effect !== 'require_approval') return false;
  // What another approver wrote goes on with nothing.
  if (asking === undefined || asking.claim.kind === 'edited') return false;
  const { rule, definition, owner } = approved.subject;
  const { document, mark } = markedRule(gate, judged.standing, decision.rule);
  if (rule.document !== document || rule.mark !== mark || owner !== judged.standing.grant.owner) return false;
  const { countsNow } = gate.approvalSettings();
  const yes = approved.answers.filter(({ said }) => said === 'approve');
  return yes.every((answer) => countsNow(answer)) && definition === definitionMark(gate, shownText(asking));
}

/** A later round of a call whose arguments an approver changed. */
function isOfEdit({ count }: Passing, { claim }: Asking): boolean {
  return claim.kind !== 'edited' && count !== 'first' && count.continues?.edit !== undefined;
}

function refusalIn(
  consulted: Consulted | undefined,
  plain: Refusal | undefined,
  continued: boolean,
): Refusal | undefined {
  if (consulted === undefined) return continued ? undefined : plain;
  switch (consulted.kind) {
    case 'used':
      return undefined;
    case 'edited':
    case 'asked':
    case 'refused':
      return consulted.refusal;
  }
}

function approvedBy(
  consulted: Consulted | undefined,
  count: Count,
  stopped: RuleRef | undefined,
): ApprovedBy | undefined {
  const approval = consulted?.kind === 'used' ? consulted.approval : count === 'first' ? undefined : count.continues;
  if (approval === undefined) return undefined;
  return {
    approval: approval.id,
    by: agreedBy(approval.answers),
    isEdited: approval.edit !== undefined,
    beyond: stopped?.pointer,
  };
}

function refusing(passing: Passing, refusal: Refusal): Plan {
  const body: Plan['body'] = (_verdict, _shadow, tick) => {
    passing.heard.refusal = refusal;
    return refusedBody(passing.judged.told.fields, refusal, undefined, committingOf(passing, tick, refusal, refusal));
  };
  return { reservations: [], mode: 'check', tallies: [], shadow: [], value: passing.judged.told.kept, body };
}

function withoutStore(answer: Judged['answer']): Refusal {
  if (answer.kind === 'refused') return answer.refusal;
  // Without the counts of earlier calls that it asks for, what the policy says is not known.
  const decision = answer.counts.length === 0 ? answer.decide(NO_COUNTS) : undefined;
  if (decision?.effect === 'deny') return refusalOf(decision);
  const reason = 'The gateway cannot write its record now, so no call passes. Tell its operator; its log says why.';
  return fixedRefusal('(store unavailable)', reason);
}
