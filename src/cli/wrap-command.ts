import { resolve } from 'node:path';
import { isServerName, SERVER_NAME_RULE } from '../settings/server-name.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { type Options, UsageFault } from './options.ts';
import { WRAP_HELP } from './usage.ts';

const GRANT = 'local';

export const wrapCommand: Command = {
  name: 'wrap',
  options: { policy: 'text', server: 'text', grant: 'text', data: 'text' },
  help: WRAP_HELP,
  async run(options, world) {
    const command = commandAfterDashes(options);
    const policy = options.texts.get('policy');
    if (policy === undefined) throw new UsageFault('--policy FILE is missing');
    const server = options.texts.get('server');
    if (server !== undefined && !isServerName(server)) throw new UsageFault(`--server: ${SERVER_NAME_RULE}`);
    return world.wrap({
      policy: resolve(world.cwd, policy),
      server,
      grant: options.texts.get('grant') ?? GRANT,
      data: dataFolder(options, world),
      command,
    });
  },
};

function commandAfterDashes({ words, rest }: Options): readonly [string, ...string[]] {
  const [program, ...args] = rest ?? [];
  if (words.length > 0 || program === undefined || program === '') {
    throw new UsageFault('the server\'s command must stand after "--", such as: -- npx -y some-server');
  }
  return [program, ...args];
}
