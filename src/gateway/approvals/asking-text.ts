import { inPlainSight, jsonInPlainSight } from '../../wire/plain-sight.ts';
import type { Approval } from './approval.ts';
import { argumentsOf } from './call-key.ts';

/** Characters of arguments that a dialog shows; who opens the page sees them all. */
const MOST_SHOWN = 4_000;
/** Of a client whose dialog cuts each line at the width of a terminal. */
const MOST_ON_LINE = 100;

/**
 * What the user of a client reads before answering; everything that the agent or server wrote is in plain sight. Some dialogs show three lines
 * and cut the rest: what is sent stands in the second.
 */
export function askingText(approval: Approval): string {
  const { grant, server, name, kind, reason } = approval.subject;
  const args = argumentLine(approval);
  const shown = args.length <= MOST_SHOWN ? args : `${args.slice(0, MOST_SHOWN)}… (${args.length} characters)`;
  const what = kind === 'tool' ? 'call the tool' : `use the ${kind}`;
  return [
    `The agent ${inPlainSight(grant)} wants to ${what} ${inPlainSight(name)} on ${inPlainSight(server)} with`,
    shown,
    inPlainSight(reason),
  ].join('\n');
}

/** Whether a dialog of this client shows the arguments whole: nobody approves of what stands behind an ellipsis. */
export function fitsDialog(approval: Approval, client: string | undefined): boolean {
  const isCut = (client ?? '').toLowerCase().startsWith('claude-code');
  return argumentLine(approval).length <= (isCut ? MOST_ON_LINE : MOST_SHOWN);
}

function argumentLine(approval: Approval): string {
  return jsonInPlainSight(argumentsOf(approval)).replaceAll(/\n\s*/g, ' ');
}
