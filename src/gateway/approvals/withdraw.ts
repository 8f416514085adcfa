import type { Session } from '../session.ts';
import { stampNow } from '../stamp.ts';
import { type Approval, isOver } from './approval.ts';
import { approvalRecord } from './records.ts';

/** Ends a question that its client does not want answered any more. Rejects with `StoreFault`. */
export async function withdraw({ gate }: Session, { id }: Approval, why: string): Promise<void> {
  const { clock, approvals } = gate;
  const stamp = stampNow(gate);
  await approvals.store.changeApproval(id, clock, (now) => {
    if (now === undefined || isOver(now)) return undefined;
    const approval: Approval = { ...now, state: 'void', why };
    return {
      approvals: [approval],
      records: [approvalRecord(stamp, 'approval void', approval, { why })],
      notices: approvals.herald.tell('approval.void', approval, stamp),
    };
  });
  approvals.poke();
}
