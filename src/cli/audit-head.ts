import { writeOut } from './audit-file.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { headText } from './head-file.ts';
import { noWords } from './operands.ts';
import { readSeals } from './seal-book.ts';
import { HEAD_HELP } from './usage.ts';

export const auditHead: Command = {
  name: 'audit head',
  options: { data: 'text', out: 'text' },
  help: HEAD_HELP,
  async run(options, world) {
    noWords(options);
    const log = await world.openLog(dataFolder(options, world));
    try {
      const seals = log.seals();
      const book = seals === undefined ? undefined : await readSeals(seals);
      if (book?.fault !== undefined) {
        world.stderr.write(`toolgate audit head: checkpoint ${book.fault.checkpoint}: ${book.fault.what}\n`);
        return NO;
      }
      if (book?.last === undefined) {
        world.stderr.write(
          'toolgate audit head: nothing is signed yet; start the gateway once with this data folder\n',
        );
        return NO;
      }
      await writeOut(options, headText(book.last), world);
      return GOOD;
    } finally {
      await log.close();
    }
  },
};
