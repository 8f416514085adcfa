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
    const { key, changed, elsewhere } = await world.rotateValuesKey(dataFolder(options, world));
    world.stdout.write(`the data folder's own key is ${key} from now on; ${keys(changed)} sealed anew below it\n`);
    if (elsewhere > 0) {
      world.stdout.write(
        `note: ${keys(elsewhere)} sealed with a key that is not the folder's own; where "audit.values" of a configuration names one, change it there\n`,
      );
    }
    return GOOD;
  },
};

function keys(count: number): string {
  return count === 1 ? '1 key is' : `${count} keys are`;
}
