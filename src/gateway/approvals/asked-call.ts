import type { Call } from '../../wire/call.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Request } from '../../wire/message.ts';
import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import type { Exchange } from '../exchanges.ts';
import type { Sink } from '../ports.ts';
import { type Refusal, refusalReply, refusalWith } from '../refusal.ts';
import type { Session } from '../session.ts';
import type { Approval } from './approval.ts';
import { argumentsOf } from './call-key.ts';
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
  const { url } = session.gate.approvalSettings();
  const page = url === undefined ? undefined : pageOf(url, approval.id);
  const told = refusal.asked === undefined ? refusal : refusalWith(refusal, { ...refusal.asked, url: page });
  return { kind: 'reply', reply: refusalReply(message.id, call.kind, call.name, told, requestId, session.era) };
}

const MOST_SHOWN = 4_000;

/** What the user of a client reads before answering; everything that the agent or server wrote is in plain sight. */
export function askingText(approval: Approval): string {
  const { grant, server, name, kind, reason } = approval.subject;
  const args = jsonInPlainSight(argumentsOf(approval));
  const shown = args.length <= MOST_SHOWN ? args : `${args.slice(0, MOST_SHOWN)}\n… (${args.length} characters)`;
  const what = kind === 'tool' ? 'call the tool' : `use the ${kind}`;
  return [
    `The agent ${inPlainSight(grant)} wants to ${what} ${inPlainSight(name)} on ${inPlainSight(server)}.`,
    inPlainSight(reason),
    `Arguments:\n${shown}`,
  ].join('\n\n');
}
