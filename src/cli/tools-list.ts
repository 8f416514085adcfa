import type { ToolPin } from '../gateway/pins/server-pins.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { type PinnedServer, pinnedServers, timeOf } from './pinned-servers.ts';
import { prettyJson } from './pretty-json.ts';
import { shownName } from './shown-name.ts';
import { TOOLS_LIST_HELP } from './usage.ts';

const HEAD: readonly string[] = ['SERVER', 'TOOL', 'STATE', 'SINCE'];

export const toolsList: Command = {
  name: 'tools list',
  options: { data: 'text', server: 'text', json: 'flag' },
  help: TOOLS_LIST_HELP,
  async run(options, world) {
    noWords(options);
    const store = await world.openPins(dataFolder(options, world), 'read');
    try {
      const servers = await pinnedServers(store, options);
      if (options.flags.has('json')) world.stdout.write(prettyJson({ servers: servers.map(serverJson) }));
      else for (const line of table(servers)) world.stdout.write(`${line}\n`);
      return GOOD;
    } finally {
      await store.close();
    }
  },
};

type State = 'accepted' | 'new' | 'changed';

function stateOf({ pinned, candidate }: ToolPin): State {
  if (candidate === undefined) return 'accepted';
  return pinned === undefined ? 'new' : 'changed';
}

function toolsOf({ pins }: PinnedServer): readonly (readonly [string, ToolPin])[] {
  return [...pins.tools].sort(([a], [b]) => (a < b ? -1 : 1));
}

function table(servers: readonly PinnedServer[]): readonly string[] {
  const rows = servers.flatMap((one) => toolsOf(one).map(([name, pin]) => rowOf(one.server, name, pin)));
  if (rows.length === 0) return ['No tools are pinned yet: no server has listed any.'];
  const widths = HEAD.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [HEAD, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function rowOf(server: string, name: string, pin: ToolPin): readonly string[] {
  const { pinned, candidate } = pin;
  const since = candidate === undefined ? `${timeOf(pinned?.at ?? 0)} (${pinned?.how})` : timeOf(candidate.at);
  return [shownName(server), shownName(name), stateOf(pin), since];
}

function serverJson(one: PinnedServer): object {
  const tools = toolsOf(one).map(([tool, pin]) => ({
    tool,
    state: stateOf(pin),
    pinned: pin.pinned && { digest: pin.pinned.digest, time: timeOf(pin.pinned.at), how: pin.pinned.how },
    waiting: pin.candidate && { digest: pin.candidate.digest, time: timeOf(pin.candidate.at) },
  }));
  return { server: one.server, tools };
}
