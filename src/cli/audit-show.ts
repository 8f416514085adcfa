import { findOne, jsonOfOne } from '../gateway/audit/find/find-one.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { withKeys } from '../wire/json.ts';
import { keptBeside } from './audit-kept.ts';
import { jsonText } from './audit-output.ts';
import { oneRecordText } from './audit-show-text.ts';
import { AUDIT_SHOW_HELP } from './audit-usage.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { tellIndexing } from './indexing.ts';
import { linksWith } from './links-with.ts';
import { onlyWord } from './operands.ts';

export const auditShow: Command = {
  name: 'audit show',
  options: { data: 'text', config: 'text', json: 'flag' },
  help: AUDIT_SHOW_HELP,
  async run(options, world) {
    const id = onlyWord(options, 'ID');
    const folder = dataFolder(options, world);
    const log = await world.openLog(folder);
    const search = await world.openSearch(folder);
    try {
      await tellIndexing(search, world);
      const one = await findOne(search, await linksWith(id, search, log));
      if (one === undefined) {
        const remedy = 'toolgate audit list shows the ids of what is there';
        world.stderr.write(`toolgate audit show: ${visible(`there is no record ${quoted(id)}; ${remedy}`)}\n`);
        return NO;
      }
      const kept = await keptBeside(one, log, folder, options, world);
      const json = kept === undefined ? jsonOfOne(one) : withKeys(jsonOfOne(one), { kept: { ...kept } });
      world.stdout.write(options.flags.has('json') ? `${jsonText(json)}\n` : oneRecordText(one, kept));
      return GOOD;
    } finally {
      await search.close();
      await log.close();
    }
  },
};
