import type { Call } from '../../wire/call.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import type { Exchange } from '../exchanges.ts';
import type { Sink } from '../ports.ts';
import { type Refusal, refusalReply, refusalWith } from '../refusal.ts';
import type { Session } from '../session.ts';
import type { Approval } from './approval.ts';
import type { Claim } from './consult.ts';
import { pageOf } from './ways.ts';

/** A call about which a person is asked, while its client is still there. */
export interface AskedCall {
  readonly session: Session;
  readonly message: Request;
  readonly call: Call;
  readonly sink: Sink;
  readonly exchange: Exchange;
  readonly approval: Approval;
  readonly refusal: Refusal;
  /** Of the pass that asked. */
  readonly requestId: string;
}

/** What comes of it: an answer for the client, or the same call once more, now with the approval that it may use. */
export type WayOut =
  | { readonly kind: 'reply'; readonly reply: JsonObject | undefined }
  | { readonly kind: 'again'; readonly claim: Claim };

/** The answer that lets the client go: a person may still approve, and the same call uses it. */
export function ticket({ session, message, call, approval, refusal, requestId }: AskedCall): WayOut {
  const { url, hasPeople } = session.gate.approvalSettings();
  const page = url === undefined ? undefined : pageOf(url, approval.id);
  const told =
    refusal.asked === undefined
      ? refusal
      : refusalWith(refusal, { ...refusal.asked, url: page, isUnanswerable: !hasPeople });
  return { kind: 'reply', reply: refusalReply(message.id, call.kind, call.name, told, requestId, session.era) };
}
