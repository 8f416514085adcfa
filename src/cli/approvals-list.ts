import type { ListedWhich } from '../gateway/approvals/approval-desk.ts';
import { visibleJson } from '../settings/visible.ts';
import { atDesk, DESK_OPTIONS } from './approvals-place.ts';
import { approvalsTable } from './approvals-table.ts';
import { APPROVALS_LIST_HELP } from './approvals-usage.ts';
import type { Command } from './command.ts';
import { GOOD } from './exit-code.ts';
import { noWords, numberOption } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';

const LIMIT = 50;
const NONE = {
  waiting: 'No question waits for an answer.\n',
  live: 'No question waits, and no approval is unused.\n',
  all: 'Nothing was ever asked.\n',
};

export const approvalsList: Command = {
  name: 'approvals list',
  options: { ...DESK_OPTIONS, all: 'flag', live: 'flag', json: 'flag', jsonl: 'flag', limit: 'text' },
  help: APPROVALS_LIST_HELP,
  async run(options, world) {
    noWords(options);
    if (options.flags.has('json') && options.flags.has('jsonl'))
      throw new UsageFault('either --json or --jsonl, not both');
    const which = whichOf(options);
    const limit = numberOption(options, 'limit', LIMIT, 1, 1_000);
    return atDesk(options, world, 'a look', async ({ desk, viewer }) => {
      const approvals = await desk.list({ which, limit }, viewer);
      if (options.flags.has('json')) world.stdout.write(prettyJson({ approvals }));
      else if (options.flags.has('jsonl')) {
        for (const one of approvals) world.stdout.write(`${visibleJson(JSON.stringify(one))}\n`);
      } else if (approvals.length === 0) world.stdout.write(NONE[which]);
      else world.stdout.write(`${approvalsTable(approvals).join('\n')}\n`);
      return GOOD;
    });
  },
};

function whichOf({ flags }: Options): ListedWhich['which'] {
  if (flags.has('all') && flags.has('live')) throw new UsageFault('either --all or --live, not both');
  if (flags.has('all')) return 'all';
  return flags.has('live') ? 'live' : 'waiting';
}
