import { resolve } from 'node:path';
import { isServerName, SERVER_NAME_RULE } from '../settings/server-name.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { UsageFault } from './options.ts';
import { WRAP_HELP } from './usage.ts';
import { readWrapTarget } from './wrap-target.ts';

const GRANT = 'local';

export const wrapCommand: Command = {
  name: 'wrap',
  options: {
    policy: 'text',
    config: 'text',
    url: 'text',
    header: 'texts',
    server: 'text',
    grant: 'text',
    data: 'text',
  },
  help: WRAP_HELP,
  async run(options, world) {
    const { target, warnings } = readWrapTarget(options, world.env);
    const policy = options.texts.get('policy');
    if (policy === undefined) throw new UsageFault('--policy FILE is missing');
    const config = options.texts.get('config');
    const server = options.texts.get('server');
    if (server !== undefined && !isServerName(server)) throw new UsageFault(`--server: ${SERVER_NAME_RULE}`);
    for (const warning of warnings) world.stderr.write(`toolgate wrap: warning: ${visible(warning)}\n`);
    return world.wrap({
      policy: resolve(world.cwd, policy),
      config: config === undefined ? undefined : resolve(world.cwd, config),
      server,
      grant: options.texts.get('grant') ?? GRANT,
      data: dataFolder(options, world),
      target,
    });
  },
};
