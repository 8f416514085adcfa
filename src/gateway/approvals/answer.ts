import type { Stamp } from '../stamp.ts';
import type { Answer, Approval, Channel } from './approval.ts';
import type { ApprovalChanges } from './approval-ports.ts';
import type { Herald } from './herald.ts';
import { sentence } from './over-text.ts';
import { approvalRecord } from './records.ts';

/** What a person says to a question. */
export interface Said {
  readonly by: string;
  readonly said: 'approve' | 'deny';
  readonly channel: Channel;
  readonly note: string | undefined;
  /** Canonical params in the place of the agent's; undefined to leave them as they are. */
  readonly params: string | undefined;
  /** As in `Answer`. */
  readonly mark: string | undefined;
}

export type Taken =
  | { readonly kind: 'taken'; readonly approval: Approval; readonly changes: ApprovalChanges }
  | { readonly kind: 'refused'; readonly reason: string };

const LONGEST_NOTE = 1_000;

/** Takes one person's answer to a question, whose right to answer was checked. `tick`: now, as expiry is counted. Pure. */
export function takeAnswer(now: Approval, said: Said, tick: number, stamp: Stamp, herald: Herald): Taken {
  const over = whyOver(now, tick);
  if (over !== undefined) return { kind: 'refused', reason: over };
  if (now.answers.some(({ by }) => by === said.by)) {
    return { kind: 'refused', reason: `${said.by} has answered already; somebody else must.` };
  }
  const note = said.note === undefined ? undefined : said.note.slice(0, LONGEST_NOTE).toWellFormed();
  const { by, channel, mark } = said;
  const answer: Answer = { by, said: said.said, channel, at: stamp.at, note, mark };
  const isEdited =
    said.said === 'approve' && said.params !== undefined && said.params !== (now.edit?.params ?? now.subject.params);
  // Who approves approves of one version: what others said of the one before does not count for it.
  const before = isEdited ? now.answers.filter(({ said: earlier }) => earlier !== 'approve') : now.answers;
  const answers = [...before, answer];
  const edit = isEdited && said.params !== undefined ? { by, params: said.params } : now.edit;
  const state = stateAfter(said.said, answers, now.subject.quorum.count);
  const why = state === 'denied' ? deniedBy(by, note) : now.why;
  const approval: Approval = { ...now, answers, edit, state, why };
  const more = {
    by,
    said: said.said,
    channel,
    note,
    edited: isEdited ? true : undefined,
    agreed: agreed(answers),
    of: now.subject.quorum.count,
  };
  return {
    kind: 'taken',
    approval,
    changes: {
      approvals: [approval],
      records: [approvalRecord(stamp, 'approval answered', approval, more)],
      notices: herald.tell('approval.answered', approval, stamp),
    },
  };
}

/** A whole sentence, whatever the note ends with. */
function deniedBy(by: string, note: string | undefined): string {
  const told = (note ?? '').trim();
  if (told === '') return `${by} denied it.`;
  return `${by} denied it: ${sentence(told)}`;
}

/** Why a question takes no answer any more. */
export function whyOver({ state, expires, why }: Approval, tick: number): string | undefined {
  if (state === 'open') return tick >= expires ? 'The question has expired.' : undefined;
  if (state === 'approved') return 'The question was answered already: approved.';
  return `The question is over: ${state}${why === undefined ? '' : ` (${why})`}.`;
}

function stateAfter(said: 'approve' | 'deny', answers: readonly Answer[], count: number): Approval['state'] {
  if (said === 'deny') return 'denied';
  return agreed(answers) >= count ? 'approved' : 'open';
}

/** How many people approved of the call as it stands. */
export function agreed(answers: readonly Answer[]): number {
  return agreedBy(answers).length;
}

/** Who approved of it, each once. */
export function agreedBy(answers: readonly Answer[]): readonly string[] {
  return [...new Set(answers.filter(({ said }) => said === 'approve').map(({ by }) => by))];
}
