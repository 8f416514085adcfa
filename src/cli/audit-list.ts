import { auditLine } from '../gateway/audit/audit-line.ts';
import type { AuditFilter } from '../gateway/audit/find/audit-filter.ts';
import type { AuditSearch } from '../gateway/audit/find/audit-search.ts';
import type { JsonObject } from '../wire/json.ts';
import { FILTER_OPTIONS, filterIn, isByWords } from './audit-filter-options.ts';
import { auditOutput, formatIn } from './audit-output.ts';
import { AUDIT_LIST_HELP } from './audit-usage.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { tellIndexing } from './indexing.ts';
import { noWords, numberOption } from './operands.ts';

const LIMIT = 50;

export const auditList: Command = {
  name: 'audit list',
  options: { data: 'text', ...FILTER_OPTIONS, json: 'flag', jsonl: 'flag', csv: 'flag', limit: 'text' },
  help: AUDIT_LIST_HELP,
  async run(options, world) {
    noWords(options);
    const format = formatIn(options);
    const limit = numberOption(options, 'limit', LIMIT, 1, 1_000_000_000);
    const filter = filterIn(options, world);
    const search = await world.openSearch(dataFolder(options, world));
    try {
      if (isByWords(filter)) await tellIndexing(search, world);
      const output = auditOutput(format, world.stdout);
      let isAny = false;
      for await (const lines of linesOf(search, filter, limit)) {
        isAny ||= lines.length > 0;
        output.write(lines);
        // A reader that is slow would have all of it heaped up here.
        await world.drained();
      }
      output.end();
      // An empty table may be a misspelt name.
      if (!isAny && isByWords(filter))
        world.stderr.write('toolgate audit list: no record of the log fits all of that\n');
    } finally {
      await search.close();
    }
    return GOOD;
  },
};

async function* linesOf(search: AuditSearch, filter: AuditFilter, limit: number): AsyncIterable<readonly JsonObject[]> {
  let left = limit;
  for await (const records of search.find(filter)) {
    yield records.slice(0, left).map(auditLine);
    left -= records.length;
    if (left <= 0) return;
  }
}
