import type { Answered } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalDetail, ApprovalSummary } from '../gateway/approvals/view.ts';
import { visible } from '../settings/visible.ts';
import { inPlainSight } from '../wire/plain-sight.ts';
import { calledText } from './approvals-text.ts';
import { leftText } from './approvals-times.ts';
import { GOOD, NO } from './exit-code.ts';
import { shownName } from './shown-name.ts';
import { DeskFault, type World } from './world.ts';

/** Before anybody takes pains with an answer: whether it can be given. The desk decides again. */
export function demandAnswerable({ state, why, whyNot }: ApprovalDetail): void {
  if (state !== 'open') {
    const more = why === null ? '' : ` (${inPlainSight(why).replace(/\.$/, '')})`;
    throw new DeskFault(`the question is not open any more: ${state}${more}; nothing was answered`);
  }
  if (typeof whyNot === 'string') throw new DeskFault(`${whyNot} Nothing was answered`);
}

/** Says what came of an answer; the exit code. */
export function tellAnswered(answered: Answered, said: 'approve' | 'deny', world: World): number {
  if (answered.kind === 'answered') {
    world.stdout.write(`${answeredText(answered.approval, said)}\n`);
    return GOOD;
  }
  world.stderr.write(`toolgate approvals ${said}: ${visible(answered.reason)}\n`);
  return NO;
}

function answeredText(approval: ApprovalSummary, said: 'approve' | 'deny'): string {
  const called = calledText(approval);
  if (said === 'deny') return `Denied: ${called} is not called.`;
  const { state, agreed, needed, secondsLeft } = approval;
  if (state === 'open')
    return `Counted: ${agreed} of ${needed} have agreed; ${needed - agreed} more must before ${called} is called.`;
  if (state === 'approved') {
    return `Approved: ${called} may be called once, with exactly these arguments, within ${leftText(secondsLeft)}.`;
  }
  return `Answered: the question about ${called} is now ${shownName(state)}.`;
}
