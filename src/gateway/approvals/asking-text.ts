import { inPlainSight, jsonInPlainSight, jsonTextInPlainSight } from '../../wire/plain-sight.ts';
import type { Approval } from './approval.ts';
import { callIn } from './call-key.ts';
import { extraOf } from './extra-of.ts';

/** Characters that a dialog shows of what is sent; who opens the page sees it all. */
const MOST_SHOWN = 4_000;
/** Of a client whose dialog cuts each line at the width of a terminal. */
const MOST_ON_LINE = 100;
/** What is longer is answered on the page: the dialog only sends its reader there. */
const EXCERPT = 300;
/** Of the name and what JSON writes around it: params longer than this and `MOST_SHOWN` are not shown whole, nor read for it. */
const MOST_AROUND = 8_000;

/**
 * What the user of a client reads before answering; everything that the agent or server wrote is in plain sight. Some dialogs show three lines
 * and cut the rest: what is sent stands in the second.
 */
export function askingText(approval: Approval): string {
  const { grant, server, name, kind, reason, params } = approval.subject;
  const what = kind === 'tool' ? 'call the tool' : `use the ${kind}`;
  return [
    `The agent ${inPlainSight(grant)} wants to ${what} ${inPlainSight(name)} on ${inPlainSight(server)} with`,
    wholeLine(approval, MOST_SHOWN) ?? `${excerptOf(params)}… (${params.length} characters, all of them on the page)`,
    inPlainSight(reason),
  ].join('\n');
}

/** Whether a dialog of this client shows the arguments whole, and what stands beside them: nobody approves of what stands behind an ellipsis. */
export function fitsDialog(approval: Approval, client: string | undefined): boolean {
  const isCut = (client ?? '').toLowerCase().startsWith('claude-code');
  return wholeLine(approval, isCut ? MOST_ON_LINE : MOST_SHOWN) !== undefined;
}

/** All that is sent but the name; undefined where it is longer than so many characters. */
function wholeLine({ subject }: Approval, most: number): string | undefined {
  if (subject.params.length > MOST_SHOWN + MOST_AROUND) return undefined;
  const call = callIn(subject, subject.params);
  const extra = extraOf(call);
  const line = jsonInPlainSight(call.args, { depth: 0, most });
  const beside = extra === null ? '' : ` and beside the arguments ${jsonInPlainSight(extra, { depth: 0, most })}`;
  return line.length + beside.length <= most ? line + beside : undefined;
}

/** The beginning of the params as they are kept, which is cheap however long they are. */
function excerptOf(params: string): string {
  return jsonTextInPlainSight(params.slice(0, EXCERPT).toWellFormed());
}
