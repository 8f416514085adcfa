import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { ROTATE_HELP } from './usage.ts';

export const auditRotateKey: Command = {
  name: 'audit rotate-key',
  options: { data: 'text' },
  help: ROTATE_HELP,
  async run(options, world) {
    noWords(options);
    const { old, next } = await world.rotateAuditKey(dataFolder(options, world));
    world.stdout.write(`key ${old} handed over to key ${next}, which signs the log from now on\n`);
    return GOOD;
  },
};
