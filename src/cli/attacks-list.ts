import { loadAttacks } from '../settings/load-attacks.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { prettyJson } from './pretty-json.ts';
import { tableLines } from './table.ts';
import { ATTACKS_LIST_HELP } from './usage-attacks.ts';

export const attacksList: Command = {
  name: 'attacks list',
  options: { json: 'flag' },
  help: ATTACKS_LIST_HELP,
  async run(options, world) {
    noWords(options);
    const attacks = loadAttacks();
    if (options.flags.has('json')) {
      world.stdout.write(prettyJson({ attacks }));
      return GOOD;
    }
    const rows = attacks.map(({ name, severity, title, stops }) => [name, severity, title, stops.by].map(visible));
    for (const line of tableLines([['NAME', 'SEVERITY', 'TITLE', 'STOPPED BY'], ...rows]))
      world.stdout.write(`${line}\n`);
    return GOOD;
  },
};
