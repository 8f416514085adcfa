import { resolve } from 'node:path';
import type { Pruned } from '../gateway/audit/audit-ports.ts';
import { quoted } from '../policy/problem.ts';
import { DAY_MS, KEEP_DAYS, KEEP_SIZE, type Keep, keepSize } from '../settings/keep-bounds.ts';
import { problemLines } from '../settings/problem.ts';
import { sizeWords } from '../settings/size.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { noWords, numberOption } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { PRUNE_HELP } from './usage.ts';
import { timeOf } from './verify-log.ts';
import type { PruneReport, World } from './world.ts';

export const auditPrune: Command = {
  name: 'audit prune',
  options: {
    data: 'text',
    config: 'text',
    'keep-days': 'text',
    'keep-size': 'text',
    'dry-run': 'flag',
    json: 'flag',
  },
  help: PRUNE_HELP,
  async run(options, world) {
    noWords(options);
    const config = options.texts.get('config');
    const how = options.flags.has('dry-run') ? 'tell' : 'remove';
    const report = await world.pruneLog({
      data: dataFolder(options, world),
      config: config === undefined ? undefined : resolve(world.cwd, config),
      keep: keepIn(options),
      how,
    });
    if (report.kind === 'nothing asked') return tellNothing(report, world);
    const { pruned } = report;
    if (options.flags.has('json')) world.stdout.write(prettyJson(jsonOf(pruned)));
    else tell(pruned, how, world);
    for (const fault of pruned.faults) world.stderr.write(`toolgate audit prune: ${fault}\n`);
    return pruned.faults.length > 0 ? NO : GOOD;
  },
};

function keepIn(options: Options): Keep | undefined {
  const size = options.texts.get('keep-size');
  const isAged = options.texts.has('keep-days');
  if (!isAged && size === undefined) return undefined;
  const days = numberOption(options, 'keep-days', KEEP_DAYS.most, KEEP_DAYS.least, KEEP_DAYS.most);
  return { ms: isAged ? days * DAY_MS : undefined, bytes: size === undefined ? undefined : sizeIn(size) };
}

function sizeIn(text: string): number {
  const bytes = keepSize(text);
  if (bytes !== undefined) return bytes;
  const { least, most } = KEEP_SIZE;
  throw new UsageFault(
    `--keep-size must be a size such as 500MiB or 2GiB, from ${sizeWords(least)} to ${sizeWords(most)}, not ${quoted(text)}`,
  );
}

function tellNothing({ configuration }: Extract<PruneReport, { kind: 'nothing asked' }>, world: World): number {
  if (configuration.kind === 'problems') {
    world.stderr.write(problemLines(configuration.problems));
    return NO;
  }
  const where =
    configuration.kind === 'none'
      ? `there is no configuration ${configuration.file}`
      : `${configuration.file} says nothing of audit.keep`;
  throw new UsageFault(`--keep-days or --keep-size is missing: ${where}`);
}

function tell({ records, writers, until, why, bytes }: Pruned, how: 'tell' | 'remove', world: World): void {
  if (records === 0) {
    world.stdout.write(`nothing ${how === 'tell' ? 'would be' : 'was'} removed; the store has ${mib(bytes)} in use\n`);
    return;
  }
  const what = `${records} record${records === 1 ? '' : 's'} of ${writers} writer${writers === 1 ? '' : 's'}`;
  const time = until === undefined ? '' : `, signed until ${timeOf(until)}`;
  const verb = how === 'tell' ? 'would remove' : 'removed';
  world.stdout.write(`${verb} ${what}${time} (${[...why].join(', ')}); the store has ${mib(bytes)} in use\n`);
}

function mib(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
}

function jsonOf({ records, writers, until, why, bytes, faults }: Pruned): object {
  return { records, writers, until: until === undefined ? null : timeOf(until), why: [...why], bytes, faults };
}
