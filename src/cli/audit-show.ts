import type { StoredLink } from '../gateway/audit/audit-ports.ts';
import type { AuditSearch } from '../gateway/audit/find/audit-search.ts';
import { findOne, jsonOfOne } from '../gateway/audit/find/find-one.ts';
import { quoted } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { jsonText } from './audit-output.ts';
import { oneRecordText } from './audit-show-text.ts';
import { AUDIT_SHOW_HELP } from './audit-usage.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { tellIndexing } from './indexing.ts';
import { onlyWord } from './operands.ts';
import type { World } from './world.ts';

export const auditShow: Command = {
  name: 'audit show',
  options: { data: 'text', json: 'flag' },
  help: AUDIT_SHOW_HELP,
  async run(options, world) {
    const id = onlyWord(options, 'ID');
    const folder = dataFolder(options, world);
    const search = await world.openSearch(folder);
    try {
      await tellIndexing(search, world);
      const one = await findOne(search, await linksOf(id, search, folder, world));
      if (one === undefined) {
        const remedy = 'toolgate audit list shows the ids of what is there';
        world.stderr.write(`toolgate audit show: ${visible(`there is no record ${quoted(id)}; ${remedy}`)}\n`);
        return NO;
      }
      if (options.flags.has('json')) world.stdout.write(`${jsonText(jsonOfOne(one))}\n`);
      else world.stdout.write(oneRecordText(one));
      return GOOD;
    } finally {
      await search.close();
    }
  },
};

/** That something is not there is said only by the log itself. */
async function linksOf(id: string, search: AuditSearch, folder: string, world: World): Promise<readonly StoredLink[]> {
  const found = await search.linksWith(id);
  if (found.length > 0) return found;
  const log = await world.openLog(folder);
  try {
    return await log.linksWith(id);
  } finally {
    await log.close();
  }
}
