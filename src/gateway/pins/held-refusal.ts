import { fixedRefusal, type Refusal } from '../refusal.ts';
import type { ShownTool } from './shown-tools.ts';

/** Why a tool may not be listed or called. `unread`: no whole list of its server has been compared yet. */
export type WhyHeld = 'new' | 'changed' | 'unread' | NonNullable<ShownTool['unfit']>;

/** Says `(pin)` to a call of a tool that is held, and what its operator can do. */
export function heldRefusal(server: string, why: WhyHeld): Refusal {
  return fixedRefusal('(pin)', `${REASONS[why]} ${remedy(server, why)}`);
}

const REASONS: { readonly [why in WhyHeld]: string } = {
  new: 'The server did not have this tool when its tools were accepted, and nobody has accepted it since.',
  changed: 'The server changed the definition of this tool after it was accepted.',
  unread: 'The definition of this tool has not been compared with the accepted one yet.',
  twice: 'The server lists two tools of this name, and which of them is meant cannot be told.',
  'too large': 'The definition of this tool is too large to be kept for comparison.',
  unnamed: 'The server lists this tool under a name that cannot be kept.',
};

function remedy(server: string, why: WhyHeld): string {
  if (why === 'unread') return 'List the tools, then call again.';
  if (why !== 'new' && why !== 'changed') return 'Tell the operator of the gateway; the server must be mended.';
  return `A person must look at it first: "toolgate tools diff --server ${server}" shows it, "toolgate tools accept" accepts it.`;
}
