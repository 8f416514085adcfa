import { StoreFault } from '../ports.ts';
import type { Session } from '../session.ts';
import { stampNow } from '../stamp.ts';
import { takeAnswer } from './answer.ts';
import type { Approval, Channel } from './approval.ts';
import type { ClientAnswer } from './own-asks.ts';
import { mayLocalUserAnswer } from './quorum.ts';
import type { Ways } from './ways.ts';

/**
 * Takes what the client's user answered to the gateway's own question. `decline` denies; a form that the local user accepted and ticked approves.
 * Anything else decides nothing: to agree to open a page is not to approve, whatever comes with it. `ways`: how this client was asked. Never
 * rejects: what cannot be written now was not said.
 */
export async function clientSays(
  session: Session,
  approval: Approval,
  { form }: Pick<Ways, 'form'>,
  answer: ClientAnswer,
): Promise<void> {
  const { localUser } = session.gate.approvalSettings();
  const { quorum } = approval.subject;
  const isLocal = localUser !== undefined && quorum.count === 1 && mayLocalUserAnswer(quorum, localUser);
  switch (answer.kind) {
    case 'decline':
      return say(
        session,
        approval,
        isLocal ? localUser : `the client of ${session.grant}`,
        'deny',
        form === undefined ? 'client' : 'form',
      );
    case 'accept': {
      const ticked = answer.content['approve'];
      if (form === undefined || typeof ticked !== 'boolean') return;
      return say(session, approval, form, ticked ? 'approve' : 'deny', 'form');
    }
    case 'nobody':
      return;
  }
}

async function say(
  { gate }: Session,
  { id }: Approval,
  by: string,
  said: 'approve' | 'deny',
  channel: Channel,
): Promise<void> {
  const { clock, approvals } = gate;
  const stamp = stampNow(gate);
  try {
    await approvals.store.changeApproval(id, clock, (now, tick) => {
      const taken =
        now === undefined
          ? undefined
          : takeAnswer(
              now,
              { by, said, channel, note: undefined, params: undefined, mark: undefined },
              tick,
              stamp,
              approvals.herald,
            );
      return taken?.kind === 'taken' ? taken.changes : undefined;
    });
    approvals.poke();
  } catch (fault) {
    if (!(fault instanceof StoreFault)) throw fault;
    gate.log(`an answer to ${id} could not be written: ${fault.message}`);
  }
}
