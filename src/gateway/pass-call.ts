import type { Policies } from '../policy/policy.ts';
import type { Call } from '../wire/call.ts';
import type { JsonObject } from '../wire/json.ts';
import type { Approval } from './approvals/approval.ts';
import { callIn, withApproved } from './approvals/call-key.ts';
import type { Claim } from './approvals/consult.ts';
import type { Asking } from './approvals/inquire.ts';
import { withProtocolMeta } from './approvals/protocol-meta.ts';
import type { KnownTool } from './definitions.ts';
import { type Judged, judge } from './judge.ts';
import type { Receipt } from './ports.ts';
import type { Refusal } from './refusal.ts';
import { type Reserved, reserveAndRecord } from './reserve.ts';
import type { Round } from './rounds.ts';
import type { Session } from './session.ts';

/** One call at one moment: what it is, and which approval it may use. */
interface Passing {
  readonly call: Call;
  readonly round: Extract<Round, { kind: 'round' }>;
  readonly tool: KnownTool | 'no tool' | undefined;
  readonly claim: Claim;
  readonly about: JsonObject;
  /** Whether nobody waits for it any more. */
  isGone(): boolean;
}

/** A call as it is judged, and the params with which it is sent. */
interface Sent {
  readonly call: Call;
  readonly params: JsonObject;
}

/** What became of it; `requestId` is that of the record which says so. */
export type Passed = { readonly requestId: string } & (
  | {
      readonly kind: 'passed';
      /** As judged and to be sent. */
      readonly call: Call;
      readonly params: JsonObject;
      readonly policies: Policies | undefined;
      readonly receipt: Receipt;
      readonly approval: Approval | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'asked'; readonly refusal: Refusal; readonly approval: Approval }
);

/** Judges a call at once; `commit` reserves and records it. Where a person approved of other arguments, these are judged and sent instead. */
export function passCall(session: Session, passing: Passing): { readonly judged: Judged; commit(): Promise<Passed> } {
  const { call, round, tool, about } = passing;
  const continued = round.count === 'first' ? undefined : round.count.continues;
  // The later rounds of a call are those of what was sent in the first.
  const sent = continued?.edit === undefined ? { call, params: round.params } : approvedIn(continued, round.params);
  const judged = judge(session, sent.call, tool, about);
  return { judged, commit: () => commit(session, passing, sent, judged) };
}

async function commit(session: Session, passing: Passing, sent: Sent, judged: Judged): Promise<Passed> {
  const { call, round, tool, claim, about, isGone } = passing;
  const requestId = session.gate.crypto.id();
  const asking: Asking = { session, call, tool, about, claim, original: undefined, isGone };
  // Nobody is asked letter by letter.
  const reserved =
    call.method === 'completion/complete'
      ? await reserveAndRecord(session.gate, requestId, judged, round.count)
      : await reserveAndRecord(session.gate, requestId, judged, round.count, asking);
  if (reserved.kind === 'edited') return commitEdited(session, passing, reserved.approval);
  return passedBy(requestId, reserved, sent, judged);
}

/** Judges and commits what the approver wrote, by the whole policy, as a pass of its own. */
async function commitEdited(session: Session, passing: Passing, approval: Approval): Promise<Passed> {
  const { call, round, tool, about, isGone } = passing;
  const requestId = session.gate.crypto.id();
  const edited = approvedIn(approval, round.params);
  const judged = judge(session, edited.call, tool, about);
  const claim: Claim = { kind: 'edited', id: approval.id, params: approvedText(approval) };
  const asking: Asking = { session, call: edited.call, tool, about, claim, original: call, isGone };
  const reserved = await reserveAndRecord(session.gate, requestId, judged, round.count, asking);
  const passed = passedBy(requestId, reserved, edited, judged);
  if (passed.kind !== 'refused') return passed;
  const by = approval.edit?.by ?? 'The approver';
  const reason = `${by} approved of this call with other arguments, and those are refused: ${passed.refusal.reason}`;
  return { ...passed, refusal: { ...passed.refusal, decision: 'deny', reason } };
}

function passedBy(requestId: string, reserved: Reserved, { call, params }: Sent, judged: Judged): Passed {
  switch (reserved.kind) {
    case 'reserved': {
      const sent = reserved.approval === undefined ? params : withProtocolMeta(params);
      return { ...reserved, kind: 'passed', requestId, call, params: sent, policies: judged.policies };
    }
    case 'asked':
    case 'refused':
      return { ...reserved, requestId };
    case 'edited': {
      const reason = 'The approver changed the arguments again while they were judged; repeat the call.';
      return { kind: 'refused', requestId, refusal: { decision: 'deny', rule: '(arguments)', reason, hidden: false } };
    }
  }
}

/** What an approver approved of, in the place of what the message has. */
function approvedIn(approval: Approval, params: JsonObject): Sent {
  const text = approvedText(approval);
  return { call: callIn(approval.subject, text), params: withApproved(params, text) };
}

function approvedText({ subject, edit }: Approval): string {
  return edit?.params ?? subject.params;
}
