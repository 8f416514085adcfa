import { resolve } from 'node:path';
import { quoted } from '../policy/problem.ts';
import type { Observation } from '../policy/suggest/observation.ts';
import { suggestPolicy } from '../policy/suggest/suggest-policy.ts';
import { watchLog } from '../replay/watch-log.ts';
import { visible } from '../settings/visible.ts';
import { acceptedTools } from './accepted-tools.ts';
import type { Command } from './command.ts';
import { dataFolder } from './data-folder.ts';
import { GOOD, NO } from './exit-code.ts';
import { noWords } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { spanOptions } from './span-options.ts';
import { type ForServer, suggestionJson, suggestionText, summaryLine } from './suggest-text.ts';
import { SUGGEST_HELP } from './usage.ts';
import type { World } from './world.ts';
import { writeNew } from './write-new.ts';

const SINCE = '7d';

export const policySuggest: Command = {
  name: 'policy suggest',
  options: {
    'from-log': 'flag',
    since: 'text',
    until: 'text',
    server: 'text',
    grant: 'text',
    out: 'text',
    force: 'flag',
    json: 'flag',
    config: 'text',
    data: 'text',
  },
  help: SUGGEST_HELP,
  async run(options, world) {
    noWords(options);
    if (!options.flags.has('from-log'))
      throw new UsageFault('--from-log is missing: a suggestion is made from the log');
    const servers = await watched(options, world);
    if (servers.size === 0) {
      world.stderr.write(`toolgate policy suggest: ${visible(noneWords(options))}\n`);
      return NO;
    }
    demandOne(servers, options);
    const suggested = await suggestedFor(servers, options, world);
    if (options.texts.has('out')) await writeAll(suggested, options, world);
    else for (const one of suggested) print(one, options, world);
    return GOOD;
  },
};

type Servers = ReadonlyMap<string, readonly Observation[]>;

async function watched(options: Options, world: World): Promise<Servers> {
  const span = spanOptions(options, world.now(), SINCE);
  const folder = dataFolder(options, world);
  const config = options.texts.get('config');
  const opener = await world.openValues(folder, config === undefined ? undefined : resolve(world.cwd, config));
  const log = await world.openLog(folder);
  try {
    const { texts } = options;
    const looked = { ...span, server: texts.get('server'), grant: texts.get('grant') };
    const observations = await watchLog(log, looked, opener);
    const servers = Map.groupBy(observations, ({ server }) => server);
    return new Map([...servers].sort(([a], [b]) => (a < b ? -1 : 1)));
  } finally {
    await log.close();
  }
}

function noneWords({ texts }: Options): string {
  const [server, grant] = [texts.get('server'), texts.get('grant')];
  const to = server === undefined ? '' : ` to the server ${quoted(server)}`;
  const of = grant === undefined ? '' : ` of the grant ${quoted(grant)}`;
  return `no call${to}${of} passed in that time; look further back with --since 30d, or at toolgate audit list`;
}

/** A policy holds for one server: on a screen several would be taken for one. */
function demandOne(servers: Servers, { texts }: Options): void {
  if (servers.size < 2 || texts.has('out')) return;
  const list = [...servers].map(([server, calls]) => `${quoted(server)} (${calls.length})`).join(', ');
  throw new UsageFault(
    `there are calls to several servers, and a policy is for one: ${list}; choose one with --server NAME, or write one file for each with --out FOLDER`,
  );
}

async function suggestedFor(servers: Servers, options: Options, world: World): Promise<readonly ForServer[]> {
  const store = await world.openPins(dataFolder(options, world), 'read');
  try {
    const suggested: ForServer[] = [];
    for (const [server, observations] of servers) {
      const classes = new Map(observations.flatMap((one) => (one.kind === 'tool' ? [[one.name, one.class]] : [])));
      const tools = await acceptedTools(store, server, classes);
      suggested.push({ server, suggestion: suggestPolicy({ observations, tools }) });
    }
    return suggested;
  } finally {
    await store.close();
  }
}

/** The policy alone goes to stdout, so that it can be put into a file. */
function print(one: ForServer, { flags }: Options, world: World): void {
  if (flags.has('json')) {
    world.stdout.write(prettyJson(suggestionJson(one)));
    return;
  }
  world.stdout.write(suggestionText(one));
  world.stderr.write(`${summaryLine(one)}\n`);
}

async function writeAll(suggested: readonly ForServer[], options: Options, world: World): Promise<void> {
  const out = options.texts.get('out') ?? '';
  const isForced = options.flags.has('force');
  const ending = options.flags.has('json') ? '.suggestion.json' : '.policy.jsonc';
  const files = suggested.map((one) => ({
    one,
    name: `${encodeURIComponent(one.server)}${ending}`,
    text: options.flags.has('json') ? prettyJson(suggestionJson(one)) : suggestionText(one),
  }));
  const written = await writeNew(out, files, isForced ? 'replace' : 'keep', world);
  for (const [index, file] of written.entries()) {
    const one = suggested[index];
    if (one === undefined) continue;
    world.stdout.write(`written to ${file}\n${summaryLine(one)}\n`);
    if (!options.flags.has('json')) for (const line of nextLines(file, one, options)) world.stdout.write(`${line}\n`);
  }
}

function nextLines(file: string, { server }: ForServer, { texts }: Options): readonly string[] {
  const since = texts.get('since') ?? SINCE;
  // The same log, opened with the same keys.
  const same = ['config', 'data'].flatMap((name) => {
    const given = texts.get(name);
    return given === undefined ? [] : [` --${name} ${shellWord(given)}`];
  });
  return [
    'next:',
    `  toolgate policy check --strict ${shellWord(file)}`,
    `  toolgate policy backtest ${shellWord(file)} --since ${shellWord(since)} --server ${shellWord(server)}${same.join('')}`,
  ];
}

function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
