import { resolve } from 'node:path';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { noWords, numberOption } from './operands.ts';
import { UsageFault } from './options.ts';
import { SERVE_HELP } from './usage.ts';

const HOST = '127.0.0.1';
const PORT = 8787;

export const serveCommand: Command = {
  name: 'serve',
  options: {
    config: 'text',
    data: 'text',
    host: 'text',
    port: 'text',
    'behind-proxy': 'flag',
    'tls-cert': 'text',
    'tls-key': 'text',
    'new-token': 'text',
    'new-person-token': 'text',
  },
  help: SERVE_HELP,
  async run(options, world) {
    noWords(options);
    const path = (name: string): string | undefined => {
      const given = options.texts.get(name);
      return given === undefined ? undefined : resolve(world.cwd, given);
    };
    const tlsCert = path('tls-cert');
    const tlsKey = path('tls-key');
    if ((tlsCert === undefined) !== (tlsKey === undefined))
      throw new UsageFault('--tls-cert and --tls-key go together');
    return world.serve({
      config: path('config'),
      data: dataFolder(options, world),
      host: options.texts.get('host') ?? HOST,
      port: numberOption(options, 'port', PORT, 0, 65_535),
      behindProxy: options.flags.has('behind-proxy'),
      tlsCert,
      tlsKey,
      newToken: options.texts.get('new-token'),
      newPersonToken: options.texts.get('new-person-token'),
    });
  },
};
