import { join, resolve } from 'node:path';
import type { KnownServer } from '../catalogue/known-server.ts';
import { classifyDefinition } from '../gateway/pins/classify-definition.ts';
import type { KnownTool } from '../policy/check/warning.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { knownServerOf } from '../settings/known-server-of.ts';
import { loadSettings } from '../settings/load.ts';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { readDocument } from '../settings/read-document.ts';
import { isConfiguration, type Known } from '../settings/report/check-file.ts';
import type { ServerSettings, Settings } from '../settings/settings.ts';
import { type ListedTool, loadToolsFile, toolsOf } from '../settings/tools-file.ts';
import { visible } from '../settings/visible.ts';
import { dataFolder } from './data-folder.ts';
import { type Options, UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';
import type { World } from './world.ts';

/** What of the server is known: from `--tools`, or by asking `--server`; with the classes of the configuration, or those that the tools would get. */
export async function knownTools(
  options: Options,
  world: World,
  files: readonly string[],
): Promise<Known | undefined | 'problem'> {
  const { texts } = options;
  const named = texts.get('server');
  const toolsFile = texts.get('tools');
  if (named === undefined && texts.has('config')) throw new UsageFault('--config goes with --server NAME');
  if (named === undefined && toolsFile === undefined) return undefined;
  const own = await configurationIn(world, files);
  const config = texts.get('config') ?? own;
  const path = config === undefined ? join(dataFolder(options, world), 'toolgate.jsonc') : resolve(world.cwd, config);
  const settings = named === undefined && own === undefined ? undefined : await settingsOf(world, config, path);
  if (settings === 'problem') return 'problem';
  const server = settings && serverOf(settings, named, config ?? path);
  const listed =
    toolsFile === undefined ? await ask(world, path, server?.name ?? '') : await fromFile(world, toolsFile);
  if (listed === 'problem') return 'problem';
  const known = knownServer(server);
  return { server: server?.name, tools: listed.map((tool) => knownTool(tool, server, known)) };
}

/** The first of the files to be checked that is a configuration. */
async function configurationIn(world: World, files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const read = await readDocument(resolve(world.cwd, file));
    if (read.kind === 'document' && isConfiguration(read.document.value)) return file;
  }
  return undefined;
}

/** `file` as the user named it; undefined for the usual place, at which there may be none. */
async function settingsOf(world: World, file: string | undefined, path: string): Promise<Settings | 'problem'> {
  const loaded = await loadSettings(path, world.env);
  if (loaded.kind === 'settings') return loaded.settings;
  for (const problem of loaded.problems) {
    const isMissing = file === undefined && problem.line === 0;
    const remedy = isMissing ? '; name the configuration with --config FILE' : '';
    const told = { ...problem, message: `${problem.message}${remedy}` };
    tellProblems(world, problem.file === path ? (file ?? path) : problem.file, [told]);
  }
  return 'problem';
}

function serverOf({ servers }: Settings, named: string | undefined, file: string): ServerSettings {
  const names = [...servers.keys()];
  const [only, second] = names;
  if (named === undefined && second !== undefined) {
    throw new UsageFault(`--server NAME is missing: which of ${names.join(', ')} has these tools?`);
  }
  const server = servers.get(named ?? only ?? '');
  if (server !== undefined) return server;
  const name = named ?? '';
  throw new UsageFault(`${file} has no server ${quoted(name)}${didYouMean(name, names)}`);
}

async function ask(world: World, config: string, server: string): Promise<readonly ListedTool[] | 'problem'> {
  try {
    return toolsOf(await world.listTools(config, server));
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    world.stderr.write(`toolgate policy check: ${visible(fault.message)}\n`);
    return 'problem';
  }
}

async function fromFile(world: World, file: string): Promise<readonly ListedTool[] | 'problem'> {
  const loaded = await loadToolsFile(resolve(world.cwd, file));
  if (loaded.kind === 'tools') return loaded.tools;
  tellProblems(world, file, loaded.problems);
  return 'problem';
}

/** With the class that it would have: the configuration's word, else what the catalogue or the classifier says of it now. */
function knownTool(tool: ListedTool, server: ServerSettings | undefined, known: KnownServer | undefined): KnownTool {
  const { name, inputSchema, annotations, listed } = tool;
  const riskClass = server?.classes.get(name) ?? classifyDefinition(listed, known).class;
  return { name, class: riskClass, inputSchema, annotations };
}

function knownServer(server: ServerSettings | undefined): KnownServer | undefined {
  if (server === undefined) return undefined;
  const { name, catalogue } = server;
  return knownServerOf(
    { name, catalogue, command: server.kind === 'command' ? server.command : undefined },
    loadCatalogue,
  );
}
