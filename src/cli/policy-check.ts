import { resolve } from 'node:path';
import { checkFile } from '../settings/report/check-file.ts';
import { visible } from '../settings/visible.ts';
import { asTyped, type Checked, printed, reportJson, reportLines, verdictLine } from './check-report.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { knownTools } from './known-tools.ts';
import { type Options, UsageFault } from './options.ts';
import { sarifOf } from './sarif.ts';
import { CHECK_HELP } from './usage.ts';
import type { World } from './world.ts';

export const policyCheck: Command = {
  name: 'policy check',
  options: {
    baseline: 'flag',
    server: 'text',
    config: 'text',
    tools: 'text',
    strict: 'flag',
    json: 'flag',
    sarif: 'flag',
  },
  help: CHECK_HELP,
  async run(options, world) {
    const files = [...new Set([...options.words, ...(options.rest ?? [])])];
    if (files.length === 0 || files.includes('')) throw new UsageFault('FILE is missing');
    if (options.flags.has('json') && options.flags.has('sarif')) throw new UsageFault('one of --json and --sarif only');
    const known = await knownTools(options, world, files);
    if (known === 'problem') return NO;
    const kind = options.flags.has('baseline') ? 'baseline' : 'policy';
    const checked: Checked[] = [];
    for (const file of files) {
      const path = resolve(world.cwd, file);
      checked.push(asTyped(await checkFile(path, { kind, env: world.env, known }), file, path, world.cwd));
    }
    report(checked, options, world);
    const isStrict = options.flags.has('strict');
    return checked.every((one) => one.problems.length === 0 && (!isStrict || one.warnings.length === 0)) ? GOOD : NO;
  },
};

function report(checked: readonly Checked[], { flags }: Options, world: World): void {
  if (flags.has('json')) return world.stdout.write(reportJson(checked));
  if (flags.has('sarif')) return world.stdout.write(printed(sarifOf(checked, world.cwd)));
  for (const one of checked) {
    for (const line of reportLines(one)) world.stderr.write(`${line}\n`);
    if (one.problems.length > 0) continue;
    world.stdout.write(`${visible(verdictLine(one, flags.has('strict') ? 'strict' : 'lenient'))}\n`);
  }
}
