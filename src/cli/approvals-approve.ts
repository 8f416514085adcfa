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
      if (wish !== undefined && (await writeRule(seat, detail, wish, options, world)) === NO) return NO;
      const note = options.texts.get('note');
      const given = { said: 'approve' as const, note, arguments: settled.arguments };
      return tellAnswered(await seat.desk.answer(detail.id, given, seat.viewer), 'approve', world);
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

async function writeRule(
  { desk, viewer }: Seat,
  { id }: ApprovalDetail,
  wish: ExceptionWish,
  options: Options,
  world: World,
): Promise<number> {
  const proposed = await desk.propose(id, wish, viewer);
  if (proposed.kind !== 'proposal') {
    throw new DeskFault(`no rule is proposed, and nothing was approved: ${proposed.reason}`);
  }
  world.stderr.write(`${proposalLines(proposed).join('\n')}\n`);
  if (!(await isYes(world, 'Write this rule, and approve this call? (y/N) '))) {
    world.stderr.write('Nothing was written and nothing was approved.\n');
    return NO;
  }
  const code = tellAdopted(await desk.adopt(id, wish, proposed.digest, viewer), options, world);
  if (code !== GOOD) world.stderr.write('Nothing was approved.\n');
  return code;
}
