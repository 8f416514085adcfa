import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { ROTATE_VALUES_HELP } from './usage.ts';

export const auditRotateValuesKey: Command = {
  name: 'audit rotate-values-key',
  options: { data: 'text' },
  help: ROTATE_VALUES_HELP,
  async run(options, world) {
    noWords(options);
    const { key, changed } = await world.rotateValuesKey(dataFolder(options, world));
    world.stdout.write(
      `kept arguments are sealed with key ${key} from now on; ${changed} keys below it were sealed anew\n`,
    );
    return GOOD;
  },
};
