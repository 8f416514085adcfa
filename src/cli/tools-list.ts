import type { Finding } from '../catalogue/findings/finding.ts';
import { findingsIn } from '../catalogue/findings/findings-in.ts';
import type { Names } from '../catalogue/findings/look-alike.ts';
import { namesAround } from '../gateway/pins/names-around.ts';
import { definitionIn } from '../gateway/pins/pin-records.ts';
import type { KeptDefinition, ToolPin } from '../gateway/pins/server-pins.ts';
import { classJson, findingLines } from './class-text.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD } from './exit-code.ts';
import { noWords } from './operands.ts';
import { type PinnedServer, pinnedServers, timeOf } from './pinned-servers.ts';
import { prettyJson } from './pretty-json.ts';
import { shownName } from './shown-name.ts';
import { TOOLS_LIST_HELP } from './usage.ts';

const HEAD: readonly string[] = ['SERVER', 'TOOL', 'STATE', 'CLASS', 'SEVERITY', 'SINCE'];

export const toolsList: Command = {
  name: 'tools list',
  options: { data: 'text', server: 'text', json: 'flag' },
  help: TOOLS_LIST_HELP,
  async run(options, world) {
    noWords(options);
    const store = await world.openPins(dataFolder(options, world), 'read');
    try {
      const servers: Listed[] = [];
      for (const one of await pinnedServers(store, options))
        servers.push({ ...one, around: await namesAround(store, one.server, []) });
      if (options.flags.has('json')) world.stdout.write(prettyJson({ servers: servers.map(serverJson) }));
      else for (const line of [...table(servers), ...hiding(servers)]) world.stdout.write(`${line}\n`);
      return GOOD;
    } finally {
      await store.close();
    }
  },
};

interface Listed extends PinnedServer {
  /** Names of other tools, for which these could be taken. */
  readonly around: Names;
}

type State = 'accepted' | 'new' | 'changed';

function stateOf({ pinned, candidate }: ToolPin): State {
  if (candidate === undefined) return 'accepted';
  return pinned === undefined ? 'new' : 'changed';
}

function toolsOf({ pins }: PinnedServer): readonly (readonly [string, ToolPin])[] {
  return [...pins.tools].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** What the definitions hide that wait, or were taken at their word. */
function hiding(servers: readonly Listed[]): readonly string[] {
  const lines = servers.flatMap((one) =>
    toolsOf(one).flatMap(([name, pin]) => {
      const found = findingLines(findingsOf(pin, one.around));
      return found.length === 0 ? [] : [`  ${shownName(one.server)} ${shownName(name)}`, ...found];
    }),
  );
  return lines.length === 0 ? [] : ['', 'Look closely at these definitions:', ...lines];
}

function findingsOf({ pinned, candidate }: ToolPin, around: Names): readonly Finding[] {
  const kept = candidate ?? pinned;
  return kept === undefined ? [] : findingsIn(definitionIn(kept.text), around);
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
  const kept = (pinned ?? candidate)?.class;
  return [shownName(server), shownName(name), stateOf(pin), kept?.class ?? '-', kept?.severity ?? '-', since];
}

function keptJson({ digest, at, class: kept }: KeptDefinition): object {
  return { digest, time: timeOf(at), class: classJson(kept) };
}

function serverJson(one: Listed): object {
  const tools = toolsOf(one).map(([tool, pin]) => ({
    tool,
    state: stateOf(pin),
    pinned: pin.pinned && { ...keptJson(pin.pinned), how: pin.pinned.how },
    waiting: pin.candidate && keptJson(pin.candidate),
    findings: findingsOf(pin, one.around),
  }));
  return { server: one.server, tools };
}
