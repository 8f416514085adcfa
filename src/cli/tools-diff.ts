import { digestOfChanges } from '../gateway/pins/accept-tools.ts';
import { definitionIn, type ToolChange } from '../gateway/pins/pin-records.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import type { Options } from './options.ts';
import { demandKnown, pinnedServers, sha256, timeOf, toolNames, waitingIn } from './pinned-servers.ts';
import { prettyJson } from './pretty-json.ts';
import { shellWord, shownName } from './shown-name.ts';
import { changesIn, toolChangeLines } from './tool-change-text.ts';
import { TOOLS_DIFF_HELP } from './usage.ts';

export const toolsDiff: Command = {
  name: 'tools diff',
  options: { data: 'text', server: 'text', json: 'flag' },
  help: TOOLS_DIFF_HELP,
  async run(options, world) {
    const names = toolNames(options);
    const store = await world.openPins(dataFolder(options, world), 'read');
    try {
      const servers = await pinnedServers(store, options);
      demandKnown(servers, names);
      const waiting = servers
        .map((one) => ({ server: one.server, changes: waitingIn(one, names) }))
        .filter(({ changes }) => changes.length > 0);
      const text = options.flags.has('json')
        ? prettyJson({ servers: waiting.map(serverJson) })
        : waiting.map((one) => serverText(one, options, names)).join('\n');
      world.stdout.write(text === '' ? 'Nothing waits to be accepted.\n' : text);
      return waiting.length === 0 ? GOOD : NO;
    } finally {
      await store.close();
    }
  },
};

interface Waiting {
  readonly server: string;
  readonly changes: readonly ToolChange[];
}

function serverText({ server, changes }: Waiting, options: Options, names: readonly string[]): string {
  const blocks = changes.flatMap((change) => ['', ...toolChangeLines(change)]);
  const command = acceptCommand(server, changes, options, names);
  const remedy = command === undefined ? [] : ['', 'To accept exactly this:', `  ${command}`];
  return `${[`server ${shownName(server)}`, ...blocks, ...remedy].join('\n')}\n`;
}

/** Undefined where a name cannot be typed as it is shown. */
function acceptCommand(
  server: string,
  changes: readonly ToolChange[],
  options: Options,
  names: readonly string[],
): string | undefined {
  const data = options.texts.get('data');
  const tools = names.length === 0 ? ['--all'] : changes.map(({ tool }) => shellWord(tool));
  const place = data === undefined ? [] : ['--data', shellWord(data)];
  const digest = digestOfChanges(changes, sha256);
  const words = ['toolgate tools accept', ...place, '--server', shellWord(server), ...tools, '--digest', digest];
  return words.includes(undefined) ? undefined : words.join(' ');
}

function serverJson({ server, changes }: Waiting): object {
  return { server, digest: digestOfChanges(changes, sha256), tools: changes.map(toolJson) };
}

function toolJson(change: ToolChange): object {
  const { tool, before, after } = change;
  const told = { tool, state: before === undefined ? 'new' : 'changed', digest: after.digest, time: timeOf(after.at) };
  if (before === undefined) return { ...told, definition: definitionIn(after.text) };
  return { ...told, before: before.digest, changes: changesIn(change) };
}
