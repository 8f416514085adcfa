import { auditLine } from '../gateway/audit/audit-line.ts';
import type { AuditLog } from '../gateway/audit/audit-ports.ts';
import { matcher } from '../gateway/audit/find/is-match.ts';
import { readPage } from '../gateway/audit/find/read-page.ts';
import type { PlacedRecord } from '../gateway/ports.ts';
import { Arrivals } from './audit-arrivals.ts';
import { FILTER_OPTIONS, filterIn, isByWords } from './audit-filter-options.ts';
import { type AuditOutput, auditOutput } from './audit-output.ts';
import { AUDIT_TAIL_HELP } from './audit-usage.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { tellIndexing } from './indexing.ts';
import { noWords, numberOption } from './operands.ts';
import { patiently } from './patiently.ts';
import type { World } from './world.ts';

const LIMIT = 10;
const LOOK_EVERY_MS = 250;
/** Records read in one go. */
const AT_ONCE = 500;
/** Columns of which the width is not known yet: a time, names, a word. */
const LEAST = [24, 12, 12, 20, 8, 24, 8];

export const auditTail: Command = {
  name: 'audit tail',
  options: { data: 'text', ...FILTER_OPTIONS, follow: 'flag', jsonl: 'flag', limit: 'text' },
  short: { f: 'follow' },
  help: AUDIT_TAIL_HELP,
  async run(options, world) {
    noWords(options);
    const limit = numberOption(options, 'limit', LIMIT, 0, 100_000);
    const filter = filterIn(options, world);
    const output = auditOutput(options.flags.has('jsonl') ? 'jsonl' : 'table', world.stdout, LEAST);
    const folder = dataFolder(options, world);
    const log = await world.openLog(folder);
    try {
      const place = (await log.before(Number.MAX_SAFE_INTEGER, 1))[0]?.n ?? 0;
      const search = await world.openSearch(folder);
      const arrivals = new Arrivals(matcher(filter));
      try {
        if (isByWords(filter) && limit > 0) await tellIndexing(search, world);
        const { records } = limit === 0 ? { records: [] } : await readPage(search, filter, place + 1, limit);
        const oldestFirst = records.toReversed();
        for (const record of oldestFirst) arrivals.waitFor(record);
        output.write(oldestFirst.map(auditLine));
        output.end();
      } finally {
        await search.close();
      }
      if (options.flags.has('follow')) await follow(log, place, arrivals, output, world);
    } finally {
      await log.close();
    }
    return GOOD;
  },
};

async function follow(
  log: AuditLog,
  from: number,
  arrivals: Arrivals,
  output: AuditOutput,
  world: World,
): Promise<void> {
  let place = from;
  const look = patiently(world, async () => {
    let records: readonly PlacedRecord[];
    do {
      records = await log.after(place, AT_ONCE);
      output.write(arrivals.linesOf(records));
      await world.drained();
      place = records.at(-1)?.n ?? place;
    } while (records.length === AT_ONCE);
  });
  do await look();
  while ((await world.pause(LOOK_EVERY_MS)) === 'go on');
}
