import type { KnownServer } from './known-server.ts';

/** Where known servers are looked up. */
export interface KnownServers {
  server(name: string): KnownServer | undefined;
  byPackage(name: string): KnownServer | undefined;
}

/** What its operator says of a server; what the server says of itself decides nothing. */
export interface OperatorsWord {
  /** As the configuration or the command line names it. */
  readonly name: string | undefined;
  /** The program and its arguments; undefined for a remote server. */
  readonly command: readonly string[] | undefined;
}

/** Programs that start a package, each with the registry it takes it from. */
const STARTERS: ReadonlyMap<string, 'npm' | 'pypi'> = new Map([
  ['npx', 'npm'],
  ['bunx', 'npm'],
  ['pnpx', 'npm'],
  ['uvx', 'pypi'],
  ['pipx', 'pypi'],
]);
/** Programs that run a script which lies in a package's folder. */
const RUNTIMES: ReadonlySet<string> = new Set(['node', 'bun', 'deno']);
/** Options of theirs of which the next word is the value. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '--python',
  '--with',
  '--index-url',
  '--registry',
  '--cache',
  '--directory',
]);
/** Options of theirs of which the next word is the package. */
const NAMES_PACKAGE: ReadonlySet<string> = new Set(['-p', '--package', '--from', '--spec']);
/** Options by which a name leads to what somebody else put under it. */
const ELSEWHERE = /^--(?:registry|index|index-url|extra-index-url|default-index|find-links)(?:=|$)/;
/** Words between the program and the package: `pipx run x`, `uv tool run x`, `npm exec x`. */
const VERBS: ReadonlySet<string> = new Set(['run', 'tool', 'exec', 'dlx', 'x']);

/** The known server that this is: by the package that its command starts, else by its name. */
export function knownAs({ name, command }: OperatorsWord, servers: KnownServers): KnownServer | undefined {
  for (const packaged of packagesOf(command ?? [])) {
    const known = servers.byPackage(packaged);
    if (known !== undefined) return known;
  }
  return name === undefined ? undefined : servers.server(slugOf(name));
}

/** A name as the catalogue writes it: lower case, a dash for whatever is no letter or digit. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** What the command may be known as, the surest first: `npm:@playwright/mcp`. */
export function packagesOf([program, ...args]: readonly string[]): readonly string[] {
  if (program === undefined) return [];
  const starter = lastPart(program);
  const script = RUNTIMES.has(starter) ? args.find((word) => !word.startsWith('-') && !VERBS.has(word)) : program;
  const installed = script === undefined ? undefined : installedAt(script);
  if (installed !== undefined) return [`npm:${installed}`];
  const registry = STARTERS.get(starter) ?? registryOfTool(starter, args[0]);
  if (registry !== undefined) {
    const word = args.some((one) => ELSEWHERE.test(one)) ? undefined : packageWord(args);
    const name = word === undefined ? undefined : withoutVersion(word);
    return name === undefined ? [] : [`${registry}:${name}`];
  }
  // A program that is installed by itself goes by the name of its package, of whichever registry.
  return starter === '' || RUNTIMES.has(starter) ? [] : [`pypi:${starter}`, `npm:${starter}`];
}

function registryOfTool(program: string, verb: string | undefined): 'npm' | 'pypi' | undefined {
  if (program === 'uv') return verb === 'tool' || verb === 'run' ? 'pypi' : undefined;
  const isNode = program === 'npm' || program === 'pnpm' || program === 'yarn' || program === 'bun';
  return isNode && verb !== undefined && VERBS.has(verb) ? 'npm' : undefined;
}

/** The package among the words of a starter: the value of the option that names it, else the first word that is none of its own. */
function packageWord(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (NAMES_PACKAGE.has(word)) return args[at + 1];
    const [option, value] = word.split('=', 2);
    if (option !== undefined && value !== undefined && NAMES_PACKAGE.has(option)) return value;
    if (WITH_VALUE.has(word)) at++;
    else if (!word.startsWith('-') && !VERBS.has(word)) return word;
  }
  return undefined;
}

/** `@playwright/mcp@latest`, `mitmproxy-mcp==0.6.0`, `mcp-atlassian[all]>=1`; not `@playwright/mcp@https://…`, which is something else under its name. */
function withoutVersion(word: string): string | undefined {
  const [name = ''] = word.split(/[=<>~![;\s]/, 1);
  const at = name.indexOf('@', 1);
  const bare = at === -1 ? name : name.slice(0, at);
  return /[:/]|@\s/.test(word.slice(bare.length)) ? undefined : bare;
}

/** The package whose folder a file lies in: `…/node_modules/@scope/name/dist/index.js`. */
function installedAt(word: string): string | undefined {
  const parts = word.split(/[/\\]/);
  const within = parts.slice(parts.lastIndexOf('node_modules') + 1);
  const [first, second] = within;
  if (!parts.includes('node_modules') || first === undefined || first === '.bin') return undefined;
  if (within.includes('..')) return undefined;
  return first.startsWith('@') ? `${first}/${second ?? ''}` : first;
}

function lastPart(program: string): string {
  return (program.split(/[/\\]/).at(-1) ?? '').replace(/\.(?:exe|cmd|js|mjs|cjs|py)$/i, '');
}
