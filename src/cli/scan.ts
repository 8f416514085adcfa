import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { SEVERITIES, type Severity } from '../catalogue/classification.ts';
import type { Wishes } from '../catalogue/recommend.ts';
import { quoted } from '../policy/problem.ts';
import { readFolder } from '../policy/typed/folder.ts';
import { readHostEntry } from '../policy/typed/host-list.ts';
import { loadCatalogue } from '../settings/load-catalogue.ts';
import { sqlParsersFor } from '../settings/sql-parsers.ts';
import { visible } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { type Options, UsageFault } from './options.ts';
import { prettyJson } from './pretty-json.ts';
import { scanFiles } from './scan-files.ts';
import { scanJson } from './scan-json.ts';
import { scanSarif } from './scan-sarif.ts';
import { scanSources } from './scan-sources.ts';
import { scanText } from './scan-text.ts';
import { FINDING_SEVERITIES } from './scan-words.ts';
import { namesFound, type Scanned, scanned } from './scanned.ts';
import { shellWord } from './shown-name.ts';
import { SCAN_HELP } from './usage-scan.ts';
import type { World } from './world.ts';
import { madeFolder, writePlaced } from './write-new.ts';

export const scan: Command = {
  name: 'scan',
  options: {
    write: 'text',
    force: 'flag',
    destructive: 'text',
    root: 'texts',
    host: 'texts',
    'fail-on': 'text',
    json: 'flag',
    sarif: 'flag',
    server: 'text',
    config: 'text',
    tools: 'text',
    url: 'text',
    header: 'texts',
  },
  help: SCAN_HELP,
  async run(options, world) {
    const { flags, texts } = options;
    if (flags.has('json') && flags.has('sarif')) throw new UsageFault('one of --json and --sarif only');
    if (flags.has('force') && !texts.has('write')) throw new UsageFault('--force goes with --write FILE');
    const wanted = wantedOf(options, world);
    const failOn = severityOf(options);
    const { found, isWhole, file } = await scanSources(options, world);
    const empty = found.filter(({ tools }) => tools.length === 0);
    for (const { name } of empty) world.stderr.write(`toolgate scan: ${visible(name)} lists no tools\n`);
    const catalogue = loadCatalogue();
    const parsers = await sqlParsersFor('sql_only');
    const around = { catalogue, names: namesFound(found), parsers };
    const servers = found.filter((one) => !empty.includes(one)).map((one) => scanned(one, around, wanted));
    const isForPrograms = flags.has('json') || flags.has('sarif');
    const out = texts.get('write');
    if (out !== undefined && servers.length > 0) await writeAll(out, servers, options, world);
    if (servers.length > 0 || (isWhole && isForPrograms)) print(servers, failOn, file, options, world);
    const isFound = failOn !== undefined && servers.some((server) => isAtLeast(server, failOn));
    return isWhole && empty.length === 0 && !isFound ? GOOD : NO;
  },
};

function wantedOf({ texts, lists }: Options, { cwd }: World): Pick<Wishes, 'destructive' | 'roots' | 'hosts'> {
  const destructive = texts.get('destructive') ?? 'hide';
  if (destructive !== 'hide' && destructive !== 'approve') {
    throw new UsageFault(`--destructive must be hide or approve, not ${quoted(destructive)}`);
  }
  const hosts = lists.get('host') ?? [];
  for (const host of hosts) {
    const read = readHostEntry(host);
    if (typeof read === 'string') throw new UsageFault(`--host: ${read}`);
  }
  const roots = (lists.get('root') ?? []).map((root) => (isAbsolute(root) ? root : resolve(cwd, root)));
  for (const root of roots) {
    const read = readFolder(root);
    if (typeof read === 'string') throw new UsageFault(`--root: ${read}`);
  }
  return { destructive, hosts, roots };
}

function severityOf({ texts }: Options): Severity | undefined {
  const word = texts.get('fail-on');
  const severity = SEVERITIES.find((one) => one === word);
  if (word !== undefined && severity === undefined) {
    throw new UsageFault(`--fail-on must be one of ${SEVERITIES.join(', ')}, not ${quoted(word)}`);
  }
  return severity;
}

function isAtLeast({ tools, findings }: Scanned, least: Severity): boolean {
  const severities = [
    ...tools.map(({ classification }) => classification.severity),
    ...findings.flat().map(({ weight }) => FINDING_SEVERITIES[weight]),
  ];
  return severities.some((one) => SEVERITIES.indexOf(one) >= SEVERITIES.indexOf(least));
}

function print(
  servers: readonly Scanned[],
  failOn: Severity | undefined,
  file: string | undefined,
  { flags }: Options,
  world: World,
): void {
  if (flags.has('json')) world.stdout.write(prettyJson(scanJson(servers)));
  else if (flags.has('sarif')) world.stdout.write(prettyJson(scanSarif(servers, failOn ?? 'medium', file, world.cwd)));
  else world.stdout.write(scanText(servers));
}

async function writeAll(out: string, servers: readonly Scanned[], options: Options, world: World): Promise<void> {
  const isFolder = out.endsWith('/') || (await isFolderAt(resolve(world.cwd, out)));
  const isMany = servers.length > 1 && !/\.jsonc?$/.test(out);
  const files = scanFiles(out, isFolder || isMany ? 'folder' : 'file', servers);
  if (isFolder || isMany) await madeFolder('--write', out, world);
  const placed = files.flatMap(({ policy, cases }) => [policy, cases]);
  await writePlaced({ option: '--write', files: placed }, options.flags.has('force') ? 'replace' : 'keep', world);
  // What goes to stdout may be JSON for a program.
  for (const { policy, cases } of files) {
    world.stderr.write(`written to ${visible(policy.place)} and ${visible(cases.place)}\n`);
  }
  const [first] = files;
  if (first === undefined) return;
  const [policy, cases] = [first.policy.place, first.cases.place].map((place) => shellWord(place) ?? 'FILE');
  world.stderr.write(`next:\n  toolgate policy check --strict ${policy}\n  toolgate policy test ${cases}\n`);
  const [server] = servers;
  if (server !== undefined) world.stderr.write(inForce(resolve(world.cwd, first.policy.place), server, options));
}

/** How a policy for the server of the command line is put in force. Its command is not repeated: its words may be secrets. */
function inForce(place: string, server: Scanned, { texts, rest }: Options): string {
  const [policy, name] = [place, server.name].map((word) => shellWord(word) ?? 'NAME');
  const wrap = `  toolgate wrap --policy ${policy} --server ${name}`;
  if (rest !== undefined) return `in your client's configuration, before the server's command:\n${wrap} --\n`;
  return texts.has('url')
    ? `in your client's configuration, with the same --url and --header:\n${wrap} --url URL\n`
    : '';
}

async function isFolderAt(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
