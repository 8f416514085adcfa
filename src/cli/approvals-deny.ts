import { atDesk, DESK_OPTIONS } from './approvals-place.ts';
import { findQuestion } from './approvals-question.ts';
import { demandAnswerable, tellAnswered } from './approvals-tell.ts';
import { APPROVALS_DENY_HELP } from './approvals-usage.ts';
import type { Command } from './command.ts';
import { onlyWord } from './operands.ts';

export const approvalsDeny: Command = {
  name: 'approvals deny',
  options: { ...DESK_OPTIONS, reason: 'text' },
  help: APPROVALS_DENY_HELP,
  async run(options, world) {
    const word = onlyWord(options, 'the id of a question');
    return atDesk(options, world, 'a person', async (seat) => {
      const detail = await findQuestion(seat, word);
      demandAnswerable(detail);
      const given = { said: 'deny' as const, note: options.texts.get('reason'), arguments: undefined };
      return tellAnswered(await seat.desk.answer(detail.id, given, seat.viewer), 'deny', world);
    });
  },
};
