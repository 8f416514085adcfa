import type { AuditLog } from '../gateway/audit/audit-ports.ts';
import { visibleJson } from '../settings/visible.ts';
import type { JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import { auditLine } from './audit-line.ts';
import { auditTable, isOfPeople } from './audit-table.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords, numberOption } from './operands.ts';
import { UsageFault } from './options.ts';
import { LIST_HELP } from './usage.ts';
import type { Output } from './world.ts';

const LIMIT = 50;

export const auditList: Command = {
  name: 'audit list',
  options: { data: 'text', json: 'flag', jsonl: 'flag', all: 'flag', limit: 'text' },
  help: LIST_HELP,
  async run(options, world) {
    noWords(options);
    if (options.flags.has('json') && options.flags.has('jsonl'))
      throw new UsageFault('either --json or --jsonl, not both');
    const limit = numberOption(options, 'limit', LIMIT, 1, 1_000_000_000);
    const store = await world.openLog(dataFolder(options, world));
    try {
      const lines = linesOf(store, limit, options.flags.has('all') ? 'all' : 'decisions');
      if (options.flags.has('json')) await writeArray(lines, world.stdout);
      else if (options.flags.has('jsonl')) await writeLines(lines, world.stdout);
      else await writeTable(lines, world.stdout);
    } finally {
      await store.close();
    }
    return GOOD;
  },
};

/** Without `all` the life of gateway and sessions is left out: what was asked and what was decided, by rules and by people, remains. */
async function* linesOf(store: AuditLog, limit: number, which: 'decisions' | 'all'): AsyncIterable<JsonObject> {
  let left = limit;
  for await (const record of store.newest(Number.MAX_SAFE_INTEGER)) {
    const line = auditLine(record);
    if (which === 'decisions' && record.kind === 'event' && !isOfPeople(line)) continue;
    yield line;
    left -= 1;
    if (left === 0) return;
  }
}

async function writeArray(lines: AsyncIterable<JsonObject>, out: Output): Promise<void> {
  let before = '[';
  for await (const line of lines) {
    out.write(`${before}\n${visibleJson(writeJson(line))}`);
    before = ',';
  }
  out.write(before === '[' ? '[]\n' : '\n]\n');
}

async function writeLines(lines: AsyncIterable<JsonObject>, out: Output): Promise<void> {
  for await (const line of lines) out.write(`${visibleJson(writeJson(line))}\n`);
}

async function writeTable(lines: AsyncIterable<JsonObject>, out: Output): Promise<void> {
  const all: JsonObject[] = [];
  for await (const line of lines) all.push(line);
  for (const line of auditTable(all)) out.write(`${line}\n`);
}
