import { basename, extname, resolve } from 'node:path';
import { packagesOf } from '../catalogue/known-as.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { loadSettings } from '../settings/load.ts';
import { loadServerTools } from '../settings/server-tools-file.ts';
import type { ServerSettings } from '../settings/settings.ts';
import { visible } from '../settings/visible.ts';
import { isObject, type Json } from '../wire/json.ts';
import { type Options, UsageFault } from './options.ts';
import type { Found } from './scanned.ts';
import { tellProblems } from './tell.ts';
import type { World } from './world.ts';
import { readWrapTarget } from './wrap-target.ts';

/** The servers that were found, and whether some could not be looked at, which was told. */
export interface Sources {
  readonly found: readonly Found[];
  readonly isWhole: boolean;
  /** The file that names them, as it was typed; undefined for a server of the command line. */
  readonly file: string | undefined;
}

const ONE_ONLY = 'one of --config FILE, --tools FILE, --url URL and a command after "--" only';
const NOTHING: Sources = { found: [], isWhole: false, file: undefined };

/** Finds the servers that a command line names, and their tools. Throws `UsageFault`; tells what else is wrong. */
export async function scanSources(options: Options, world: World): Promise<Sources> {
  const { texts } = options;
  const [config, tools] = [texts.get('config'), texts.get('tools')];
  const isLive = texts.has('url') || options.rest !== undefined;
  if ([config !== undefined, tools !== undefined, isLive].filter(Boolean).length > 1) throw new UsageFault(ONE_ONLY);
  if (config !== undefined || tools !== undefined) {
    const [word] = options.words;
    if (word !== undefined) throw new UsageFault(`${quoted(word)} is too much`);
    if (options.lists.has('header')) throw new UsageFault('--header goes only with --url');
  }
  if (config !== undefined) return ofConfiguration(config, options, world);
  if (tools !== undefined) return ofFile(tools, options, world);
  return ofTarget(options, world);
}

async function ofTarget(options: Options, world: World): Promise<Sources> {
  const { target, warnings } = readWrapTarget(options, world.env);
  for (const warning of warnings) world.stderr.write(`toolgate scan: warning: ${visible(warning)}\n`);
  const given = options.texts.get('server');
  const command = target.kind === 'command' ? target.command : undefined;
  const name = given ?? (target.kind === 'url' ? new URL(target.url).host : nameOfCommand(target.command));
  const listed = await asked(world, () => world.listToolsOf(target));
  if (listed === undefined) return NOTHING;
  const folder = command === undefined ? undefined : world.cwd;
  return {
    found: [{ name, given, command, folder, tools: withoutPlaces(listed), classes: new Map() }],
    isWhole: true,
    file: undefined,
  };
}

/** Its package without the scope, `mcp` for `npx -y @playwright/mcp@latest`; else the script that it runs, or the program. */
function nameOfCommand(command: readonly [string, ...string[]]): string {
  const [packaged] = packagesOf(command);
  const [program, ...args] = command;
  const word = packaged ?? args.find((one) => !one.startsWith('-')) ?? program;
  return basename(word.replace(/^(?:npm|pypi):/, ''), packaged === undefined ? extname(word) : '') || program;
}

async function asked(world: World, ask: () => Promise<readonly Json[]>): Promise<readonly Json[] | undefined> {
  try {
    return await ask();
  } catch (fault) {
    if (!(fault instanceof Error)) throw fault;
    world.stderr.write(`toolgate scan: ${visible(fault.message)}\n`);
    return undefined;
  }
}

function withoutPlaces(listed: readonly Json[]): Found['tools'] {
  return listed.flatMap((tool) => (isObject(tool) ? [{ tool, place: undefined }] : []));
}

async function ofConfiguration(config: string, options: Options, world: World): Promise<Sources> {
  const path = resolve(world.cwd, config);
  const loaded = await loadSettings(path, world.env);
  if (loaded.kind === 'problems') {
    for (const problem of loaded.problems) {
      tellProblems(world, problem.file === path ? config : problem.file, [problem]);
    }
    return NOTHING;
  }
  const servers = meant(loaded.settings.servers, options.texts.get('server'), config);
  const found: Found[] = [];
  for (const server of servers) {
    const listed = await asked(world, () => world.listTools(path, server.name));
    if (listed === undefined) continue;
    const [command, folder] = server.kind === 'command' ? [server.command, server.cwd] : [undefined, undefined];
    const { name, classes } = server;
    found.push({ name, given: name, command, folder, tools: withoutPlaces(listed), classes });
  }
  return { found, isWhole: found.length === servers.length, file: config };
}

function meant(
  servers: ReadonlyMap<string, ServerSettings>,
  named: string | undefined,
  config: string,
): readonly ServerSettings[] {
  if (named === undefined) return [...servers.values()];
  const server = servers.get(named);
  if (server !== undefined) return [server];
  throw new UsageFault(`${config} has no server ${quoted(named)}${didYouMean(named, [...servers.keys()])}`);
}

async function ofFile(file: string, options: Options, world: World): Promise<Sources> {
  const loaded = await loadServerTools(resolve(world.cwd, file));
  if (loaded.kind === 'problems') {
    tellProblems(world, file, loaded.problems);
    return NOTHING;
  }
  const named = options.texts.get('server');
  const several = loaded.servers.length > 1;
  const chosen =
    several && named !== undefined ? loaded.servers.filter(({ server }) => server === named) : loaded.servers;
  if (chosen.length === 0) {
    const names = loaded.servers.flatMap(({ server }) => server ?? []);
    throw new UsageFault(`${file} has no server ${quoted(named ?? '')}${didYouMean(named ?? '', names)}`);
  }
  const found = chosen.map(({ server, tools }): Found => {
    const name = (several ? server : (named ?? server)) ?? nameOfFile(file);
    return { name, given: name, command: undefined, folder: undefined, tools, classes: new Map() };
  });
  return { found, isWhole: true, file };
}

/** `mitmproxy.tools.json` is the file of mitmproxy. */
function nameOfFile(file: string): string {
  return basename(file, extname(file)).replace(/\.tools$/, '');
}
