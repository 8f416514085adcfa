import type { Session } from '../session.ts';
import { stampNow } from '../stamp.ts';
import type { Approval } from './approval.ts';
import { approvalRecord } from './records.ts';

/**
 * Nothing of an approved call reached the server: the yes stands, under an id of its own, for as long as it would have. Like a limit it is given
 * back once: what is used stays used. Never rejects.
 */
export async function giveBack({ gate }: Session, used: Approval): Promise<void> {
  const { clock, crypto, approvals } = gate;
  const stamp = stampNow(gate);
  const id = `ap_${crypto.id()}`;
  try {
    await approvals.store.changeApproval(id, clock, (_, tick) => {
      if (tick >= used.expires) return undefined;
      const approval: Approval = { ...used, id, edition: 0, state: 'approved', used: undefined };
      return {
        approvals: [approval],
        records: [approvalRecord(stamp, 'approval given back', approval, { of: used.id })],
        notices: [],
      };
    });
  } catch (fault) {
    gate.log(`the approval ${used.id} is not given back: ${fault instanceof Error ? fault.message : fault}`);
  }
}
