import { likenessOf, namesakeOf } from '../../catalogue/likeness.ts';
import { quoted } from '../../policy/problem.ts';
import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { isServerName, SERVER_NAME_RULE } from '../server-name.ts';
import { packageCommand } from './package-command.ts';
import { configurationText, type Part, shownText } from './part.ts';
import type { RegistryPackage, RegistryRemote, RegistryServer } from './registry-server.ts';
import { remoteEntry } from './remote-entry.ts';
import type { Filling } from './resolve-input.ts';

export interface ProposalWish {
  /** The name in the configuration; undefined: the last part of the server's own. */
  readonly name: string | undefined;
  /** Of several ways the one with this number, from 1 on. */
  readonly way: number | undefined;
  readonly given: ReadonlyMap<string, string>;
  readonly loopback: 'meant' | 'not meant';
}

/** What is known beforehand. */
export interface Known {
  readonly packages: ReadonlyMap<string, string>;
  readonly servers: readonly string[];
}

export interface Proposal {
  readonly kind: 'proposal';
  /** In the configuration. */
  readonly name: string;
  /** The value of `servers.NAME`. */
  readonly entry: JsonObject;
  /** For people: the words of the command, or the URL, and where the values of settings come from. */
  readonly shown: {
    readonly command: readonly string[] | undefined;
    readonly url: string | undefined;
    readonly settings: ReadonlyMap<string, string>;
  };
  /** What exactly this is, to be kept: name and version, package, digest. */
  readonly identity: readonly string[];
  /** Names of variables of the environment that the gateway must be started with. */
  readonly variables: readonly string[];
  /** Of the catalogue; undefined where the package is not known. */
  readonly knownServer: string | undefined;
  readonly warnings: readonly string[];
}

export interface NoProposal {
  readonly kind: 'no proposal';
  readonly faults: readonly string[];
}

type Way =
  | { readonly kind: 'package'; readonly found: RegistryPackage }
  | { readonly kind: 'remote'; readonly found: RegistryRemote };

/** The entry of the configuration for a server of the registry, or all that is in the way of one. */
export function propose(server: RegistryServer, wish: ProposalWish, known: Known): Proposal | NoProposal {
  const way = wayOf(server, wish);
  if (typeof way === 'string') return { kind: 'no proposal', faults: [way] };
  const name = wish.name ?? server.name.slice(server.name.indexOf('/') + 1);
  if (!isServerName(name))
    return { kind: 'no proposal', faults: [`${quoted(name)}: ${SERVER_NAME_RULE}; say another with --name`] };
  const variables = new Map<string, string>();
  const filling = fillingFor(name, wish.given, variables);
  const made = madeOf(filling, way, wish);
  for (const key of wish.given.keys()) {
    if (!filling.used.has(key)) filling.faults.push(`--set ${key}: nothing of that name is asked for`);
  }
  if (made === undefined || filling.faults.length > 0)
    return { kind: 'no proposal', faults: [...new Set(filling.faults)] };
  const likeness = likenessIn(server, way, known);
  return {
    kind: 'proposal',
    name,
    ...made,
    identity: identityOf(server, way),
    variables: [...variables.keys()],
    knownServer: likeness.known,
    warnings: [...likeness.warnings, ...new Set(filling.warnings)],
  };
}

function wayOf(server: RegistryServer, { way }: ProposalWish): Way | string {
  const ways: readonly Way[] = [
    ...server.packages.map((found): Way => ({ kind: 'package', found })),
    ...server.remotes.map((found): Way => ({ kind: 'remote', found })),
  ];
  if (ways.length === 0) return 'it names neither a package nor a remote address: there is nothing to run or to reach';
  const list = ways.map((one, index) => `${index + 1}: ${wayWords(one)}`).join('; ');
  if (way === undefined && ways.length > 1) return `there are several ways to it; say which with --package N (${list})`;
  return ways[(way ?? 1) - 1] ?? `--package ${way}: there is no such way (${list})`;
}

function wayWords(way: Way): string {
  if (way.kind === 'remote') return `${way.found.type} ${quoted(way.found.url)}`;
  const { registryType, identifier, transport } = way.found;
  return `${registryType} ${quoted(identifier)} (${transport})`;
}

/** A variable is named for the server: what is there under a usual name, such as GITHUB_TOKEN, is not handed to a stranger. */
function fillingFor(name: string, given: ReadonlyMap<string, string>, variables: Map<string, string>): Filling {
  return {
    given,
    used: new Set(),
    faults: [],
    warnings: [],
    variableFor(key) {
      const variable = `MCP_${name}_${key}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_');
      variables.set(variable, key);
      return variable;
    },
  };
}

function madeOf(filling: Filling, way: Way, wish: ProposalWish): Pick<Proposal, 'entry' | 'shown'> | undefined {
  if (way.kind === 'remote') {
    const { url, headers } = remoteEntry(filling, way.found, wish.loopback);
    const entry = objectOf([['url', written(filling, url)], ...section(filling, 'headers', headers)]);
    return { entry, shown: { command: undefined, url: shownText(url), settings: shownAll(headers) } };
  }
  const made = packageCommand(filling, way.found);
  if (made === undefined) return undefined;
  const command: Json = made.words.map((word) => written(filling, word));
  const entry = objectOf([['command', command], ...section(filling, 'env', made.environment)]);
  return { entry, shown: { command: made.words.map(shownText), url: undefined, settings: shownAll(made.environment) } };
}

function section(
  filling: Filling,
  key: string,
  settings: ReadonlyMap<string, readonly Part[]>,
): readonly (readonly [string, Json])[] {
  if (settings.size === 0) return [];
  return [[key, objectOf([...settings].map(([name, parts]) => [name, written(filling, parts)]))]];
}

function written(filling: Filling, parts: readonly Part[]): string {
  const text = configurationText(parts);
  if (text !== undefined) return text;
  filling.faults.push(
    'a "$" stands directly before a secret, which the configuration cannot say; write the entry by hand',
  );
  return '';
}

function shownAll(settings: ReadonlyMap<string, readonly Part[]>): ReadonlyMap<string, string> {
  return new Map([...settings].map(([name, parts]) => [name, shownText(parts)]));
}

function identityOf({ name, version }: RegistryServer, way: Way): readonly string[] {
  if (way.kind === 'remote') return [`${name}@${version}`, way.found.url];
  const { registryType, identifier, version: packaged, fileSha256 } = way.found;
  const found = packaged === undefined ? identifier : `${identifier}@${packaged}`;
  return [
    `${name}@${version}`,
    `${registryType}:${found}`,
    ...(fileSha256 === undefined ? [] : [`sha256:${fileSha256}`]),
  ];
}

function likenessIn(
  server: RegistryServer,
  way: Way,
  { packages, servers }: Known,
): { readonly known: string | undefined; readonly warnings: readonly string[] } {
  if (way.kind === 'package') {
    const likeness = likenessOf(`${way.found.registryType}:${way.found.identifier}`, packages);
    if (likeness.kind === 'known') return { known: likeness.server, warnings: [] };
    if (likeness.kind === 'alike') {
      return { known: undefined, warnings: [`${likeness.why}: make sure that it is the one you mean`] };
    }
  }
  const namesake = namesakeOf(server.name, servers);
  if (namesake === undefined) return { known: undefined, warnings: [] };
  const what =
    way.kind === 'package'
      ? 'this package is none that is known for it'
      : 'its address says nothing of who is behind it';
  return {
    known: undefined,
    warnings: [
      `${server.name} is called like "${namesake}" of the catalogue, and ${what}: make sure that it is the one you mean`,
    ],
  };
}
