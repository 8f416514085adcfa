import type { Call } from '../wire/call.ts';
import type { Request } from '../wire/message.ts';
import { readCall } from '../wire/read-call.ts';
import { callKey } from './approvals/call-key.ts';
import { clientSays } from './approvals/client-says.ts';
import { clientAnswer } from './approvals/own-asks.ts';
import { waysOf } from './approvals/ways.ts';
import { StoreFault } from './ports.ts';
import { roundOf } from './round-of.ts';
import type { ApprovalAnswer, Round } from './rounds.ts';
import type { Session } from './session.ts';

export type RoundRead =
  | { readonly kind: 'read'; readonly call: Call; readonly round: Extract<Round, { kind: 'round' }> }
  | { readonly kind: 'fault'; readonly reason: string };

/** Reads which call a message is and which round of it; what its client answered to a question of the gateway's own is taken first. */
export async function readRound(session: Session, message: Request): Promise<RoundRead> {
  const read = readCall(message.method, message.params);
  if (read.kind === 'fault') return read;
  const { call } = read;
  const round = roundOf(session, call);
  if (round.kind === 'fault') return round;
  if (round.answered === undefined) return { kind: 'read', call, round };
  await takeAnswered(session, call, message, round.answered);
  return { kind: 'read', call: { ...call, params: round.params }, round };
}

async function takeAnswered(
  session: Session,
  call: Call,
  { params }: Request,
  { approval: id, answer }: ApprovalAnswer,
): Promise<void> {
  const { approvals, log, crypto } = session.gate;
  try {
    const approval = await approvals.store.approval(id);
    // The state was sealed for this grant, server and call; that the question is of the same is seen by its key.
    if (approval?.key === callKey(crypto, session, call))
      await clientSays(session, approval, waysOf(session, approval, params), clientAnswer(answer));
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    log(`the question ${id} cannot be read now: ${fault.message}`);
  }
}
