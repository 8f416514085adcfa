import { resolve } from 'node:path';
import { loadPolicyFile } from '../settings/policy-file.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { shortSummary } from './policy-summary.ts';
import { tellProblems } from './tell.ts';
import { CHECK_HELP } from './usage.ts';

export const policyCheck: Command = {
  name: 'policy check',
  options: {},
  help: CHECK_HELP,
  async run(options, world) {
    const file = onlyWord(options, 'FILE');
    const loaded = await loadPolicyFile(resolve(world.cwd, file));
    if (loaded.kind === 'problems') {
      tellProblems(world, file, loaded.problems);
      return NO;
    }
    world.stdout.write(`${file}: ok (${shortSummary(loaded.document)})\n`);
    return GOOD;
  },
};
