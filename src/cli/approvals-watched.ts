import type { ApprovalSummary } from '../gateway/approvals/view.ts';

/** Something that became of a question. */
export interface Happening {
  readonly event: 'asked' | 'answered' | 'approved' | 'over';
  readonly approval: ApprovalSummary;
}

/** What was last seen of the questions that live, by their ids. */
export type Seen = ReadonlyMap<string, ApprovalSummary>;

/** What happened between two looks at those that live. `gone` are those that live no more, as they ended. */
export function happenings(
  before: Seen,
  live: readonly ApprovalSummary[],
  gone: readonly ApprovalSummary[],
): readonly Happening[] {
  const over = gone.map((approval) => ({ event: 'over' as const, approval }));
  // The desk gives the last asked first; who watches reads downwards.
  const changed = live.toReversed().flatMap((approval) => became(before.get(approval.id), approval));
  return [...over, ...changed];
}

function became(was: ApprovalSummary | undefined, approval: ApprovalSummary): readonly Happening[] {
  const asked: readonly Happening[] = was === undefined ? [{ event: 'asked', approval }] : [];
  if (approval.state === 'approved')
    return was?.state === 'approved' ? [] : [...asked, { event: 'approved', approval }];
  const isAnswered = was !== undefined && approval.answers.length > was.answers.length;
  return isAnswered ? [{ event: 'answered', approval }] : asked;
}

/** The ids that were seen alive and are not any more. */
export function lost(before: Seen, live: readonly ApprovalSummary[]): ReadonlySet<string> {
  const alive = new Set(live.map(({ id }) => id));
  return new Set([...before.keys()].filter((id) => !alive.has(id)));
}
