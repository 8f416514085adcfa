import type { ExceptionWish } from '../gateway/approvals/approval-desk.ts';
import type { ApprovalDetail } from '../gateway/approvals/view.ts';
import { tellAdopted } from './approvals-always.ts';
import { isYes, settleArguments, wantedChange } from './approvals-changed-arguments.ts';
import { atDesk, DESK_OPTIONS, type Seat } from './approvals-place.ts';
import { findQuestion } from './approvals-question.ts';
import { demandAnswerable, tellAnswered } from './approvals-tell.ts';
import { APPROVALS_APPROVE_HELP } from './approvals-usage.ts';
import { hasWish, proposalLines, WISH_OPTIONS, wishOf } from './approvals-wish.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { DeskFault, type World } from './world.ts';

export const approvalsApprove: Command = {
  name: 'approvals approve',
  options: { ...DESK_OPTIONS, ...WISH_OPTIONS, note: 'text', args: 'text', edit: 'flag', always: 'flag' },
  help: APPROVALS_APPROVE_HELP,
  async run(options, world) {
    const word = onlyWord(options, 'the id of a question');
    const wanted = wantedChange(options, world);
    const wish = alwaysWish(options, world);
    if (wish !== undefined && wanted.kind !== 'none') {
      throw new UsageFault(
        '--always writes a rule for the call as the agent asked for it: not together with --args or --edit',
      );
    }
    return atDesk(options, world, 'a person', async (seat) => {
      const detail = await findQuestion(seat, word);
      demandAnswerable(detail);
      const settled = await settleArguments(detail, wanted, world);
      if (settled.kind === 'given up') return NO;
      const rule = await ruleFor(seat, detail, wish, world);
      if (rule.kind === 'refused') return NO;
      const note = options.texts.get('note');
      const given = { said: 'approve' as const, note, arguments: settled.arguments };
      const answered = await seat.desk.answer(detail.id, given, seat.viewer);
      const code = tellAnswered(answered, 'approve', world);
      if (rule.kind !== 'agreed' || code !== GOOD) return code;
      if (answered.kind !== 'answered' || answered.approval.state !== 'approved') {
        world.stderr.write('No rule was written: others must agree first.\n');
        return GOOD;
      }
      return tellAdopted(await seat.desk.adopt(detail.id, rule.wish, rule.digest, seat.viewer), options, world);
    });
  },
};

/** A rule is written only after it was shown to somebody who then says yes. */
function alwaysWish(options: Options, world: World): ExceptionWish | undefined {
  if (!options.flags.has('always')) {
    if (hasWish(options)) throw new UsageFault('--until, --widen, --max and --window belong to --always');
    return undefined;
  }
  const wish = wishOf(options);
  if (world.prompt.isTerminal) return wish;
  throw new UsageFault(
    '--always shows the rule and asks at a terminal, and this is none; toolgate approvals always ID shows it and tells how to write it',
  );
}

/** What is to be written beside the answer. */
type Rule =
  | { readonly kind: 'none' | 'refused' }
  | { readonly kind: 'agreed'; readonly wish: ExceptionWish; readonly digest: string };

/** Shows the rule that is wished for, and asks. */
async function ruleFor(
  { desk, viewer }: Seat,
  { id }: ApprovalDetail,
  wish: ExceptionWish | undefined,
  world: World,
): Promise<Rule> {
  if (wish === undefined) return { kind: 'none' };
  const proposed = await desk.propose(id, wish, viewer);
  if (proposed.kind !== 'proposal') {
    throw new DeskFault(`no rule is proposed, and nothing was approved: ${proposed.reason}`);
  }
  world.stderr.write(`${proposalLines(proposed).join('\n')}\n`);
  const isAgreed = await isYes(world, 'Approve this call, and write this rule? (y/N) ');
  if (isAgreed) return { kind: 'agreed', wish, digest: proposed.digest };
  world.stderr.write('Nothing was written and nothing was approved.\n');
  return { kind: 'refused' };
}
