import type { Approval } from './approval.ts';

/** Why a question gives no yes, in whole sentences for the agent. */
export function overText({ id, state, why }: Approval): string {
  switch (state) {
    case 'open':
      return `The request ${id} is not answered yet.`;
    case 'approved':
      return `The request ${id} is approved.`;
    case 'used':
      return `The request ${id} was approved and used already; it counts once.`;
    case 'denied':
      return `${sentence(why ?? 'it was denied')} Do not repeat the call.`;
    case 'expired':
      return `The request ${id} has expired: ${sentence(why ?? 'nobody answered in time')}`;
    case 'void':
      return `The request ${id} is void: ${sentence(why ?? 'it does not fit any more')}`;
  }
}

/** A question whose time has come, ended. */
export function expiredOf(approval: Approval): Approval {
  const why = approval.state === 'approved' ? 'it was approved, and not used in time' : 'nobody answered in time';
  return { ...approval, state: 'expired', why };
}

/** With an end, whatever a person wrote. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
