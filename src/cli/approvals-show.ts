import { atDesk, DESK_OPTIONS, sameWay } from './approvals-place.ts';
import { findQuestion } from './approvals-question.ts';
import { questionLines } from './approvals-text.ts';
import { APPROVALS_SHOW_HELP } from './approvals-usage.ts';
import type { Command } from './command.ts';
import { GOOD } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import type { Options } from './options.ts';
import { prettyJson } from './pretty-json.ts';

export const approvalsShow: Command = {
  name: 'approvals show',
  options: { ...DESK_OPTIONS, json: 'flag' },
  help: APPROVALS_SHOW_HELP,
  async run(options, world) {
    const word = onlyWord(options, 'the id of a question');
    return atDesk(options, world, 'a look', async (seat) => {
      const detail = await findQuestion(seat, word);
      if (options.flags.has('json')) world.stdout.write(prettyJson(detail));
      else {
        const ways = detail.state === 'open' ? answerLines(detail.id, options) : [];
        world.stdout.write(`${[...questionLines(detail), ...ways].join('\n')}\n`);
      }
      return GOOD;
    });
  },
};

function answerLines(id: string, options: Options): readonly string[] {
  const way = sameWay(options);
  if (way === undefined) return [];
  const words = (command: string): string => ['  toolgate approvals', command, id, ...way].join(' ');
  return ['', 'To answer, with your own token or passphrase:', words('approve'), words('deny')];
}
