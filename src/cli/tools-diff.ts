import type { Finding } from '../catalogue/findings/finding.ts';
import { findingsIn } from '../catalogue/findings/findings-in.ts';
import type { Names } from '../catalogue/findings/look-alike.ts';
import { digestOfChanges } from '../gateway/pins/accept-tools.ts';
import { namesAround } from '../gateway/pins/names-around.ts';
import { definitionIn, type ToolChange } from '../gateway/pins/pin-records.ts';
import { type ClassChange, classChanges } from '../gateway/pins/reclassify.ts';
import { classifyAnew } from './class-anew.ts';
import { classChangeLine, classJson } from './class-text.ts';
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
  options: { data: 'text', server: 'text', catalogue: 'text', json: 'flag' },
  help: TOOLS_DIFF_HELP,
  async run(options, world) {
    const names = toolNames(options);
    const classify = classifyAnew(options);
    const store = await world.openPins(dataFolder(options, world), 'read');
    try {
      const servers = await pinnedServers(store, options);
      demandKnown(servers, names);
      const waiting: Waiting[] = [];
      const classes: Reclassed[] = [];
      for (const one of servers) {
        const { server, pins } = one;
        const changes = waitingIn(one, names);
        if (changes.length > 0) waiting.push({ server, changes, around: await namesAround(store, server, []) });
        const anew = classChanges(pins, classify).filter(({ tool }) => names.length === 0 || names.includes(tool));
        if (anew.length > 0) classes.push({ server, changes: anew });
      }
      if (options.flags.has('json')) {
        world.stdout.write(prettyJson({ servers: waiting.map(serverJson), classes: classes.map(reclassedJson) }));
      } else {
        const texts = waiting.map((one) => serverText(one, options, names));
        if (texts.length === 0) texts.push('Nothing waits to be accepted.\n');
        world.stdout.write([...texts, ...classes.map((one) => reclassedText(one, options))].join('\n'));
      }
      return waiting.length === 0 ? GOOD : NO;
    } finally {
      await store.close();
    }
  },
};

interface Waiting {
  readonly server: string;
  readonly changes: readonly ToolChange[];
  /** Names of other tools, for which these could be taken. */
  readonly around: Names;
}

/** Accepted tools of which something else would be said today. */
interface Reclassed {
  readonly server: string;
  readonly changes: readonly ClassChange[];
}

function serverText({ server, changes, around }: Waiting, options: Options, names: readonly string[]): string {
  const blocks = changes.flatMap((change) => ['', ...toolChangeLines(change, findingsOf(change, around))]);
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

function serverJson({ server, changes, around }: Waiting): object {
  const tools = changes.map((change) => toolJson(change, findingsOf(change, around)));
  return { server, digest: digestOfChanges(changes, sha256), tools };
}

function findingsOf({ after }: ToolChange, around: Names): readonly Finding[] {
  return findingsIn(definitionIn(after.text), around);
}

function reclassedText({ server, changes }: Reclassed, options: Options): string {
  const named = options.texts.get('catalogue');
  const data = options.texts.get('data');
  const words = [
    'toolgate tools accept --class',
    ...(data === undefined ? [] : ['--data', shellWord(data)]),
    ...['--server', shellWord(server)],
    ...(named === undefined ? [] : ['--catalogue', named]),
    ...(changes.length === 1 ? changes.map(({ tool }) => shellWord(tool)) : ['--all']),
  ];
  const remedy = words.includes(undefined) ? [] : ['', 'To freeze what is said now:', `  ${words.join(' ')}`];
  const head = `server ${shownName(server)}: of accepted tools this Toolgate would say otherwise than was frozen`;
  return `${[head, ...changes.map(classChangeLine), ...remedy].join('\n')}\n`;
}

function reclassedJson({ server, changes }: Reclassed): object {
  const tools = changes.map(({ tool, before, after }) => ({ tool, frozen: classJson(before), now: classJson(after) }));
  return { server, tools };
}

function toolJson(change: ToolChange, findings: readonly Finding[]): object {
  const { tool, before, after } = change;
  const told = {
    tool,
    state: before === undefined ? 'new' : 'changed',
    digest: after.digest,
    time: timeOf(after.at),
    class: classJson(after.class),
    findings,
  };
  if (before === undefined) return { ...told, definition: definitionIn(after.text) };
  return { ...told, before: before.digest, classBefore: classJson(before.class), changes: changesIn(change) };
}
