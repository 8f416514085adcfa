import { dirname, resolve } from 'node:path';
import { keysOf } from '../policy/shape.ts';
import { isObject } from '../wire/json.ts';
import { checkCounters } from './check-counters.ts';
import type { FileProblem } from './problem.ts';
import { readApprovals } from './read-approvals.ts';
import { readAudit } from './read-audit.ts';
import { besideNumbers, type FileDocument, readableIn, readDocument } from './read-document.ts';
import { readGrants } from './read-grants.ts';
import { readHooks } from './read-hooks.ts';
import { readLimits } from './read-limits.ts';
import { readPeople } from './read-people.ts';
import { readPolicies } from './read-policies.ts';
import { readServers } from './read-servers.ts';
import type { TokenHolders } from './read-token.ts';
import {
  elements,
  type Item,
  knownKeys,
  member,
  namedItems,
  type Reading,
  say,
  sayNoPolicy,
  textAt,
} from './reading.ts';
import type { Settings } from './settings.ts';
import { stampOf, type WatchedFile } from './stamp.ts';
import { CONFIGURATION } from './vocabulary.ts';

export type LoadedSettings =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | {
      readonly kind: 'problems';
      readonly problems: readonly FileProblem[];
      /** What was read, so that mending any of it is noticed. */
      readonly files: readonly WatchedFile[];
    };

/** Reads a configuration and its policies: the whole of it, or all that is wrong with it. Never rejects. */
export async function loadSettings(
  file: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<LoadedSettings> {
  const watched: WatchedFile = { path: resolve(file), stamp: await stampOf(file) };
  const { document, problems: numbers } = readableIn(await readDocument(file));
  if (document === undefined) return { kind: 'problems', problems: numbers, files: [watched] };
  const reading: Reading = { env, found: [] };
  const loaded = await readAll(reading, file, document);
  const own = reading.found.map((found) => document.problem(found.pointer, found.message));
  const problems = inOrder(besideNumbers(numbers, [...own, ...loaded.problems]), file);
  const files = [watched, ...loaded.settings.files];
  if (problems.length > 0) return { kind: 'problems', problems, files };
  return { kind: 'settings', settings: { ...loaded.settings, files } };
}

/** In the order of the text, the configuration before the policy files. */
function inOrder(problems: readonly FileProblem[], file: string): readonly FileProblem[] {
  const foreign = (problem: FileProblem): number => (problem.file === file ? 0 : 1);
  return problems.toSorted((a, b) => {
    const files = foreign(a) - foreign(b) || Number(a.file > b.file) - Number(a.file < b.file);
    return files || a.line - b.line || a.column - b.column;
  });
}

interface Loaded {
  readonly settings: Settings;
  readonly problems: readonly FileProblem[];
}

async function readAll(reading: Reading, file: string, document: FileDocument): Promise<Loaded> {
  const root: Item = { value: document.value, pointer: '' };
  if (knownKeys(reading, root, keysOf(CONFIGURATION)) && member(root, 'servers') === undefined) {
    say(reading, '', '"servers" is missing: a gateway needs at least one server to guard');
  }
  const policyItems = namedItems(reading, member(root, 'policies'));
  const policyNames = policyItems.map((policy) => policy.name);
  const baselineName = readBaselineName(reading, member(root, 'baseline'), policyNames);
  const policies = await readPolicies(policyItems, baselineName, document, file);
  const holders: TokenHolders = new Map();
  const servers = member(root, 'servers');
  const serverNames = isObject(servers?.value) ? Object.keys(servers.value) : [];
  const known = { serverNames, policyNames, policies: policies.policies, holders };
  const settings: Settings = {
    servers: readServers(reading, servers, dirname(resolve(file))),
    baseline: policies.baseline,
    grants: readGrants(reading, member(root, 'grants'), known),
    people: readPeople(reading, member(root, 'people'), holders),
    approvals: readApprovals(reading, member(root, 'approvals')),
    hooks: readHooks(reading, member(root, 'notices')),
    audit: readAudit(reading, member(root, 'audit'), dirname(resolve(file))),
    limits: readLimits(reading, member(root, 'limits')),
    hosts: readHosts(reading, member(root, 'hosts')),
    origins: readOrigins(reading, member(root, 'origins')),
    files: policies.files,
  };
  checkCounters(reading, settings.grants, settings.baseline);
  return { settings, problems: policies.problems };
}

function readBaselineName(reading: Reading, item: Item | undefined, known: readonly string[]): string | undefined {
  if (item === undefined) return undefined;
  const name = textAt(reading, item);
  if (name === undefined || known.includes(name)) return name;
  return sayNoPolicy(reading, item, name, known);
}

function readHosts(reading: Reading, item: Item | undefined): readonly string[] {
  return elements(reading, item).flatMap((element) => {
    const host = textAt(reading, element);
    if (host === undefined) return [];
    if (/^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)$/i.test(host)) return [host.toLowerCase()];
    say(reading, element.pointer, 'must be the name of a host without scheme and port, such as "gateway.example.com"');
    return [];
  });
}

function readOrigins(reading: Reading, item: Item | undefined): readonly string[] {
  return elements(reading, item).flatMap((element) => {
    const origin = textAt(reading, element);
    if (origin === undefined) return [];
    if (/^https?:/.test(origin) && URL.parse(origin)?.origin === origin) return [origin];
    say(reading, element.pointer, 'must be an origin as browsers write it, such as "https://console.example.com"');
    return [];
  });
}
