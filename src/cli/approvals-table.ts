import type { ApprovalSummary } from '../gateway/approvals/view.ts';
import { leftText, timeText } from './approvals-times.ts';
import { shownName } from './shown-name.ts';
import { shortCell, tableLines } from './table.ts';

const HEAD: readonly string[] = ['ID', 'ASKED', 'LEFT', 'GRANT', 'SERVER', 'TOOL', 'CLASS', 'AGREED'];
const WIDEST = 48;

/** The lines of a table for people; names that agents and servers chose can be told from each other. */
export function approvalsTable(approvals: readonly ApprovalSummary[]): readonly string[] {
  return tableLines([HEAD, ...approvals.map(row)]);
}

function row(one: ApprovalSummary): readonly string[] {
  const names = [one.grant, one.server, one.name, one.class].map((name) => shortCell(shownName(name), WIDEST) || '-');
  return [shownName(one.id), timeText(shownName(one.askedAt)), leftOf(one), ...names, `${one.agreed} of ${one.needed}`];
}

/** What is not open says what it is instead. */
function leftOf({ state, secondsLeft }: ApprovalSummary): string {
  if (state === 'open') return leftText(secondsLeft);
  return state === 'approved' ? `approved, ${leftText(secondsLeft)}` : shownName(state);
}
