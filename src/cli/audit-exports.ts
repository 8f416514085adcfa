import { resolve } from 'node:path';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import type { LookedExport } from './looked-export.ts';
import { noWords } from './operands.ts';
import { prettyJson } from './pretty-json.ts';
import { tableLines } from './table.ts';

const HELP = `Usage: toolgate audit exports [OPTION...]

Tells of each receiver of the log ("audit.export" of the configuration) how many records it has not taken yet, when the
oldest of them was written, and what it fails with. It can run beside a gateway.
Exit code 0: none fails. 1: one does, or the configuration does not load.

  --config FILE        the configuration (default: toolgate.jsonc of the data folder)
  --data DIR           the data folder (default: $TOOLGATE_DATA, else the platform's own place)
  --json               {"exports": [{"name", "to", "behind", "oldest", "problem": {"why", "since"}}]}
`;

export const auditExports: Command = {
  name: 'audit exports',
  options: { config: 'text', data: 'text', json: 'flag' },
  help: HELP,
  async run(options, world) {
    noWords(options);
    const config = options.texts.get('config');
    const looked = await world.lookAtExports({
      config: config === undefined ? undefined : resolve(world.cwd, config),
      data: dataFolder(options, world),
    });
    if (looked.kind === 'problems') {
      world.stderr.write(looked.lines);
      return NO;
    }
    const { exports } = looked;
    if (options.flags.has('json')) world.stdout.write(prettyJson({ exports: exports.map(jsonOf) }));
    else for (const line of exportTable(exports)) world.stdout.write(`${line}\n`);
    return exports.some(({ problem }) => problem !== undefined) ? NO : GOOD;
  },
};

function jsonOf({ name, to, behind, oldest, problem }: LookedExport): object {
  return {
    name,
    to: to ?? null,
    behind,
    oldest: timeText(oldest) ?? null,
    problem: problem === undefined ? null : { why: problem.why, since: timeText(problem.since) },
  };
}

function exportTable(exports: readonly LookedExport[]): readonly string[] {
  if (exports.length === 0) return ['nothing is exported: the configuration has no "audit.export"'];
  const rows = exports.map(({ name, to, behind, oldest, problem }) =>
    [
      name,
      to ?? '(not configured)',
      String(behind),
      timeText(behind === 0 ? undefined : oldest) ?? '-',
      problem === undefined ? '-' : `${problem.why}, since ${timeText(problem.since)}`,
    ].map(visible),
  );
  return tableLines([['NAME', 'TO', 'BEHIND', 'OLDEST', 'PROBLEM'], ...rows]);
}

function timeText(at: number | undefined): string | undefined {
  return at === undefined || Number.isNaN(new Date(at).getTime()) ? undefined : new Date(at).toISOString();
}
