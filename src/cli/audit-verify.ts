import { createHash } from 'node:crypto';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { noWords } from './operands.ts';
import { VERIFY_HELP } from './usage.ts';
import { verifyChain } from './verify-chain.ts';

export const auditVerify: Command = {
  name: 'audit verify',
  options: { data: 'text' },
  help: VERIFY_HELP,
  async run(options, world) {
    noWords(options);
    const store = await world.openLog(dataFolder(options, world));
    try {
      const { records, writers, breaks } = await verifyChain(store.links(), sha256);
      for (const { writer, seq, what } of breaks) {
        world.stderr.write(`broken: writer ${visible(writer)}, record ${seq}: ${what}\n`);
      }
      if (breaks.length > 0) return NO;
      world.stdout.write(`ok: ${counted(records, 'record')}, ${counted(writers, 'writer')}\n`);
      return GOOD;
    } finally {
      await store.close();
    }
  },
};

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function counted(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
