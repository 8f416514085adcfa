import { differences } from '../pins/differences.ts';
import type { Entry } from '../ports.ts';
import { type Refusal, refusalWith } from '../refusal.ts';
import type { Stamp } from '../stamp.ts';
import {
  type Answer,
  type Approval,
  type AskingRule,
  isOver,
  MOST_PARAMS,
  type Quorum,
  type Subject,
} from './approval.ts';
import type { ApprovalChanges, ApprovalRuling, Consultation, KnownApprovals, Notice } from './approval-ports.ts';
import { paramsIn } from './call-key.ts';
import type { Herald, NoticeEvent } from './herald.ts';
import { expiredOf, overText } from './over-text.ts';
import { type ApprovalEvent, approvalRecord } from './records.ts';

/**
 * Which approval a pass may use. `any`: one that fits, else a question is asked. `only`: this one, or the pass is refused; for who waited for
 * its answer. `edited`: the same, by the pass that sends what the approver wrote.
 */
export type Claim =
  | { readonly kind: 'any' }
  | { readonly kind: 'only'; readonly id: string }
  | { readonly kind: 'edited'; readonly id: string; readonly params: string };

/** What a pass asks a person about. */
export interface Inquiry {
  readonly key: string;
  readonly claim: Claim;
  /** As it is now; `rule` is undefined for an edited call that passes by itself. */
  readonly subject: Omit<Subject, 'rule' | 'reason'>;
  readonly rule: AskingRule | undefined;
  /** Why a person is asked; undefined where nobody need be. */
  readonly refusal: Refusal | undefined;
  readonly pass: string;
  /** The id of a question, if one is asked now. */
  readonly freshId: string;
  readonly timeoutMs: number;
  readonly maxOfGrant: number;
  readonly maxOfName: number;
  readonly stamp: Stamp;
  readonly herald: Herald;
  /** Whether who gave an answer is still who the configuration names. */
  countsNow(answer: Answer): boolean;
  /** Whether nobody waits for the call any more. */
  isGone(): boolean;
}

/** What became of the inquiry. */
export type Consulted =
  | { readonly kind: 'used'; readonly approval: Approval }
  /** Approved, but of other arguments than these: to be judged anew. Nothing was used. */
  | { readonly kind: 'edited'; readonly approval: Approval; readonly refusal: Refusal }
  | { readonly kind: 'asked'; readonly approval: Approval; readonly refusal: Refusal }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const STOP = { effect: 'stop' } as const;

/** Looks for the approval that a call needs, in the transaction that commits it; asks if there is none. `heard` is told what came of it. */
export function consultation(inquiry: Inquiry, heard: (consulted: Consulted) => void): Consultation {
  const { key, subject } = inquiry;
  const settle = (known: KnownApprovals, tick: number): ApprovalRuling => {
    const desk = new Settling(inquiry, known, tick);
    const consulted = inquiry.isGone()
      ? desk.gone()
      : inquiry.claim.kind === 'any'
        ? desk.findOrAsk()
        : desk.claim(inquiry.claim.id);
    heard(consulted);
    return consulted.kind === 'used' ? { effect: 'pass', ...desk.changes() } : { ...STOP, ...desk.changes() };
  };
  return { key, grant: subject.grant, server: subject.server, name: subject.name, settle };
}

/** One consultation, while it collects what is to be written. */
class Settling {
  readonly #inquiry: Inquiry;
  readonly #known: KnownApprovals;
  readonly #tick: number;
  readonly #approvals: Approval[] = [];
  readonly #records: Entry[] = [];
  readonly #notices: Notice[] = [];
  /** What the agent is told of approvals that did not fit. */
  readonly #notes: string[] = [];

  constructor(inquiry: Inquiry, known: KnownApprovals, tick: number) {
    this.#inquiry = inquiry;
    this.#known = known;
    this.#tick = tick;
  }

  changes(): ApprovalChanges {
    return { approvals: this.#approvals, records: this.#records, notices: this.#notices };
  }

  gone(): Consulted {
    return this.#refuse('Its client does not wait for it any more.');
  }

  claim(id: string): Consulted {
    const one = this.#known.same.find((approval) => approval.id === id);
    if (one === undefined || one.state !== 'approved') return this.#refuse(gone(id, one));
    if (this.#isLate(one)) return this.#refuse(this.#expire(one));
    const misfit = this.#misfit(one);
    if (misfit !== undefined) return this.#refuse(this.#void(one, misfit));
    const { claim } = this.#inquiry;
    if (one.edit === undefined) return claim.kind === 'edited' ? this.#refuse(gone(id, one)) : this.#use(one);
    if (claim.kind !== 'edited') return this.#edited(one);
    return claim.params === one.edit.params
      ? this.#use(one)
      : this.#refuse('The approver changed the arguments again; repeat the call.');
  }

  findOrAsk(): Consulted {
    let open: Approval | undefined;
    for (const one of this.#known.same) {
      if (isOver(one)) continue;
      if (this.#isLate(one)) {
        this.#expire(one);
        continue;
      }
      const misfit = this.#misfit(one);
      if (misfit !== undefined) this.#void(one, misfit);
      else if (one.state !== 'approved') open ??= one;
      else return one.edit === undefined ? this.#use(one) : this.#edited(one);
    }
    if (open !== undefined) return this.#asked(open);
    const denied = this.#known.same.find(
      (one) => one.state === 'denied' && !this.#isLate(one) && this.#misfit(one) === undefined,
    );
    return denied === undefined ? this.#ask() : this.#refuse(overText(denied));
  }

  #ask(): Consulted {
    const inquiry = this.#inquiry;
    const known = this.#known;
    const { subject, rule, refusal } = inquiry;
    if (rule === undefined || refusal === undefined) return this.#refuse('There is nothing to ask about.');
    const full = this.#whyFull(known);
    if (full !== undefined) return this.#refuse(full);
    const approval: Approval = {
      id: inquiry.freshId,
      key: inquiry.key,
      state: 'open',
      edition: 0,
      askedAt: inquiry.stamp.at,
      expires: this.#tick + inquiry.timeoutMs,
      subject: { ...subject, rule, reason: refusal.reason },
      answers: [],
      edit: undefined,
      used: undefined,
      why: undefined,
    };
    this.#write(
      approval,
      'approval asked',
      { needed: subject.quorum.count, seconds: Math.round(inquiry.timeoutMs / 1000) },
      'approval.asked',
    );
    for (const sibling of known.siblings) this.#notes.push(otherArguments(sibling, approval));
    const [last] = known.same;
    if (last?.state === 'expired') this.#notes.push(overText(last));
    return this.#asked(approval);
  }

  #whyFull({ openOfGrant, openOfName }: KnownApprovals): string | undefined {
    const { subject, maxOfGrant, maxOfName } = this.#inquiry;
    if (subject.params.length > MOST_PARAMS) {
      return `A person would have to approve of this call, and nobody can read its ${subject.params.length} characters of arguments; send less.`;
    }
    if (openOfName >= maxOfName)
      return `${openOfName} questions about ${subject.name} wait for a person already, or were denied or called off a moment ago; wait.`;
    if (openOfGrant >= maxOfGrant)
      return `${openOfGrant} questions of this grant wait for a person already, or were denied or called off a moment ago; wait.`;
    return undefined;
  }

  #asked(approval: Approval): Consulted {
    const { refusal, stamp } = this.#inquiry;
    const at = stamp.at + (approval.expires - this.#tick);
    const asked = { id: approval.id, expiresAt: at, notes: this.#notes };
    return { kind: 'asked', approval, refusal: refusalWith(refusal ?? NOBODY, asked) };
  }

  /** What the agent sent is not sent. */
  #edited(one: Approval): Consulted {
    const reason = `The request ${one.id} was approved with other arguments, which are judged in the place of these.`;
    return { kind: 'edited', approval: one, refusal: { ...(this.#inquiry.refusal ?? NOBODY), reason } };
  }

  #use(one: Approval): Consulted {
    const { pass, stamp } = this.#inquiry;
    const approval: Approval = { ...one, state: 'used', used: { pass, at: stamp.at } };
    this.#write(approval, 'approval used', { pass }, 'approval.used');
    return { kind: 'used', approval };
  }

  #expire(one: Approval): string {
    const expired = expiredOf(one);
    this.#write(expired, 'approval expired', {}, 'approval.expired');
    const told = overText(expired);
    this.#notes.push(told);
    return told;
  }

  #void(one: Approval, why: string): string {
    this.#write({ ...one, state: 'void', why }, 'approval void', { why }, 'approval.void');
    const told = `The request ${one.id} does not fit this call any more: ${why}.`;
    this.#notes.push(told);
    return told;
  }

  #refuse(reason: string): Consulted {
    const { refusal } = this.#inquiry;
    const notes = this.#notes.filter((note) => note !== reason);
    return {
      kind: 'refused',
      refusal: {
        ...(refusal ?? NOBODY),
        decision: 'deny',
        reason: [reason, ...notes].join(' '),
        retryAfterSeconds: undefined,
      },
    };
  }

  /** What has changed since it was asked. */
  #misfit({ subject, answers }: Approval): string | undefined {
    const { subject: now, rule, claim, countsNow } = this.#inquiry;
    const other = answers.find((answer) => answer.said === 'approve' && !countsNow(answer));
    if (other !== undefined) return `${other.by}, who approved of it, is not known as the same person any more`;
    if (subject.owner !== now.owner) return 'the grant has another owner now';
    if (canonicalQuorum(subject.quorum) !== canonicalQuorum(now.quorum))
      return 'other people, or another number of them, must approve of it now';
    if (subject.definition !== now.definition) return 'the definition of the tool has changed since';
    const known = new Set([subject.rule.mark, ...(subject.beyond ?? [])]);
    if ((now.beyond ?? []).some((mark) => !known.has(mark))) return 'a limit stands in its way now that did not then';
    // Who waited for an answer gets it, also when nothing asks any more.
    if (rule === undefined && claim.kind !== 'any') return undefined;
    if (rule === undefined || subject.rule.document !== rule.document || subject.rule.mark !== rule.mark) {
      return 'another rule asks now than the one that asked then';
    }
    return undefined;
  }

  #isLate({ expires }: Approval): boolean {
    return this.#tick >= expires;
  }

  #write(
    approval: Approval,
    event: ApprovalEvent,
    more: Parameters<typeof approvalRecord>[3],
    notice: NoticeEvent,
  ): void {
    const { stamp, herald } = this.#inquiry;
    this.#approvals.push(approval);
    this.#records.push(approvalRecord(stamp, event, approval, more));
    this.#notices.push(...herald.tell(notice, approval, stamp));
  }
}

function canonicalQuorum({ count, lists }: Quorum): string {
  return JSON.stringify([count, lists.map(({ roles, owners }) => [roles, owners])]);
}

const NOBODY: Refusal = { decision: 'deny', rule: '(arguments)', reason: '', hidden: false };

function gone(id: string, one: Approval | undefined): string {
  return one === undefined ? `The request ${id} is not for this call.` : overText(one);
}

const MOST_TOLD = 3;
const LONGEST_PLACE = 100;

/** Tells an agent that changed its arguments which of them. */
function otherArguments(sibling: Approval, approval: Approval): string {
  if (sibling.subject.params === approval.subject.params)
    return `The request ${sibling.id} is approved for another server that had this name, and does not fit this call.`;
  const found = differences(paramsIn(sibling.subject.params), paramsIn(approval.subject.params))
    .slice(0, MOST_TOLD + 1)
    .map(({ pointer }) => pointer.replace(/^\/arguments/, '').slice(0, LONGEST_PLACE));
  const places = [...found.slice(0, MOST_TOLD), ...(found.length > MOST_TOLD ? ['…'] : [])].join(', ');
  return `The request ${sibling.id} is approved for other arguments (they differ at ${places === '' ? 'none' : places}) and does not fit this call.`;
}
