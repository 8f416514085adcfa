import { isUnsafeUri } from '../../wire/unsafe-uri.ts';
import { isPattern } from '../pattern.ts';
import type { EntryDraft } from './draft.ts';
import type { Observation } from './observation.ts';
import type { LeftOut } from './suggestion.ts';

/** Calls for which one entry is to speak. */
export interface Group {
  readonly table: EntryDraft['table'];
  readonly name: string;
  readonly observations: readonly Observation[];
}

export interface Grouped {
  readonly groups: readonly Group[];
  readonly leftOut: readonly LeftOut[];
}

const TABLES = { tool: 'tools', resource: 'resources', prompt: 'prompts', request: 'requests' } as const;
/** More resources one by one nobody reads. */
const MOST_RESOURCES = 20;
/** No longer name can be called. */
const MAX_NAME = 1_024;
const REQUESTS: readonly string[] = ['sampling', 'elicitation', 'roots'];

/** Which entries are needed, in the order of their names. */
export function subjectsOf(observations: readonly Observation[]): Grouped {
  const leftOut: LeftOut[] = [];
  const groups = [...Map.groupBy(observations, ({ kind, name }) => `${TABLES[kind]} ${name}`).values()].flatMap(
    (own) => {
      const [first] = own;
      if (first === undefined) return [];
      const why = whyNoEntry(first);
      if (why === undefined) return [{ table: TABLES[first.kind], name: first.name, observations: own }];
      leftOut.push({ what: first.name, why });
      return [];
    },
  );
  const resources = groups.filter(({ table }) => table === 'resources');
  const others = groups.filter(({ table }) => table !== 'resources');
  return { groups: [...others, ...gathered(resources)].sort(byName), leftOut };
}

function byName(a: Group, b: Group): number {
  return a.name === b.name ? 0 : a.name < b.name ? -1 : 1;
}

function whyNoEntry({ kind, name }: Observation): string | undefined {
  if (isPattern(name)) return 'its name holds *, which an entry takes for any letters';
  if (name === '' || name.length > MAX_NAME) return 'no entry can have such a name';
  if (kind === 'resource' && isUnsafeUri(name)) return 'its URI is refused by every policy';
  return kind === 'request' && !REQUESTS.includes(name) ? 'policies say nothing of such requests' : undefined;
}

/** Many resources by their folders, and many folders by the first part of their URIs. */
function gathered(groups: readonly Group[]): readonly Group[] {
  if (groups.length <= MOST_RESOURCES) return groups;
  const folders = merged(groups, folderOf);
  return folders.length <= MOST_RESOURCES ? folders : merged(folders, authorityOf);
}

function merged(groups: readonly Group[], patternOf: (name: string) => string): readonly Group[] {
  return [...Map.groupBy(groups, ({ name }) => patternOf(name))].map(([name, own]) => ({
    table: 'resources',
    name,
    observations: own.length === 1 ? (own[0]?.observations ?? []) : own.flatMap((one) => one.observations).sort(byTime),
  }));
}

/** The order in which they happened; of equal times that of their ids, so that nothing else matters. */
export function byTime(a: Observation, b: Observation): number {
  if (a.tick !== b.tick) return a.tick - b.tick;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function folderOf(uri: string): string {
  return `${uri.slice(0, uri.lastIndexOf('/') + 1)}*`;
}

function authorityOf(pattern: string): string {
  return `${/^[^:]*:(?:\/\/[^/]*\/)?/.exec(pattern)?.[0] ?? ''}*`;
}
