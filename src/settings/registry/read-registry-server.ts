import { below, type Problem, quoted } from '../../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import type {
  RegistryArgument,
  RegistryInput,
  RegistryPackage,
  RegistryRemote,
  RegistryServer,
} from './registry-server.ts';

const NAME = /^[a-zA-Z0-9][a-zA-Z0-9.-]*\/[a-zA-Z0-9][a-zA-Z0-9._-]*$/;
/** Of one version: a range, a wildcard or a word that moves is none. */
const VERSION = /^v?\d[0-9A-Za-z.+_-]{0,100}$/;
const LONGEST_NAME = 200;
const MOST_ITEMS = 200;

/** Reads a `server.json`, or tells all that is wrong with it. What it says beyond what is known of the format is passed over: it starts nothing. */
export function readRegistryServer(value: Json): RegistryServer | readonly Problem[] {
  const found: Problem[] = [];
  if (!isObject(value)) return [{ pointer: '', message: 'must be an object: a server.json of the registry' }];
  const at = (key: string): Place => ({ object: value, key, pointer: below('', key), found });
  const name = required(at('name'));
  if (name !== '' && (!NAME.test(name) || name.length > LONGEST_NAME)) {
    say(at('name'), `${quoted(name)} is no name of the registry, such as io.github.somebody/weather`);
  }
  const version = required(at('version'));
  if (version !== '' && !isExactVersion(version)) say(at('version'), notExact(version));
  const repository = value['repository'];
  const server: RegistryServer = {
    name,
    version,
    title: text(at('title')),
    description: text(at('description')),
    repository: isObject(repository) && typeof repository['url'] === 'string' ? repository['url'] : undefined,
    packages: items(at('packages')).map(readPackage),
    remotes: items(at('remotes')).map(readRemote),
  };
  return found.length === 0 ? server : found;
}

/** Whether this is one version, now and later. */
export function isExactVersion(version: string): boolean {
  return VERSION.test(version) && !/(?:^|\.)[xX](?:$|\.)/.test(version);
}

export function notExact(version: string): string {
  return `${quoted(version)} is no exact version; ranges, wildcards and words such as "latest" can mean another program tomorrow`;
}

interface Item {
  readonly object: JsonObject;
  readonly pointer: string;
  readonly found: Problem[];
}

/** A member of an object, there or not. */
interface Place extends Item {
  readonly key: string;
}

function placeIn(item: Item, key: string): Place {
  return { ...item, key, pointer: below(item.pointer, key) };
}

function say({ found, pointer }: Item, message: string): void {
  found.push({ pointer, message });
}

function text(place: Place): string | undefined {
  const value = place.object[place.key];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  say(place, 'must be a string');
  return undefined;
}

function required(place: Place): string {
  const value = place.object[place.key];
  if (value === undefined) say(place, `"${place.key}" is missing`);
  return text(place) ?? '';
}

function flag(place: Place): boolean {
  const value = place.object[place.key];
  if (value !== undefined && typeof value !== 'boolean') say(place, 'must be true or false');
  // What is unclear about secrets is a secret.
  return value !== undefined && value !== false;
}

function items(place: Place): readonly Item[] {
  const value = place.object[place.key];
  if (value === undefined || value === null) return [];
  if (!isArray(value)) {
    say(place, 'must be an array');
    return [];
  }
  if (value.length > MOST_ITEMS) say(place, `has more than ${MOST_ITEMS} elements`);
  return value.slice(0, MOST_ITEMS).flatMap((element, index) => {
    const pointer = below(place.pointer, index);
    if (isObject(element)) return [{ object: element, pointer, found: place.found }];
    place.found.push({ pointer, message: 'must be an object' });
    return [];
  });
}

function readPackage(item: Item): RegistryPackage {
  const transport = item.object['transport'];
  return {
    pointer: item.pointer,
    registryType: required(placeIn(item, 'registryType')),
    registryBaseUrl: text(placeIn(item, 'registryBaseUrl')),
    identifier: required(placeIn(item, 'identifier')),
    version: text(placeIn(item, 'version')),
    fileSha256: text(placeIn(item, 'fileSha256')),
    runtimeHint: text(placeIn(item, 'runtimeHint')),
    transport: isObject(transport) && typeof transport['type'] === 'string' ? transport['type'] : '',
    runtimeArguments: items(placeIn(item, 'runtimeArguments')).map(readArgument),
    packageArguments: items(placeIn(item, 'packageArguments')).map(readArgument),
    environment: items(placeIn(item, 'environmentVariables')).map(readNamed),
  };
}

function readRemote(item: Item): RegistryRemote {
  return {
    pointer: item.pointer,
    type: required(placeIn(item, 'type')),
    url: required(placeIn(item, 'url')),
    headers: items(placeIn(item, 'headers')).map(readNamed),
    variables: readVariables(item),
  };
}

function readArgument(item: Item, index: number): RegistryArgument {
  const type = required(placeIn(item, 'type'));
  if (type === 'named') {
    const name = required(placeIn(item, 'name'));
    return { ...readInput(item, name.replace(/^-+/, '')), flag: name };
  }
  if (type !== 'positional') say(placeIn(item, 'type'), `${quoted(type)} is neither "positional" nor "named"`);
  return { ...readInput(item, text(placeIn(item, 'valueHint')) ?? `argument${index + 1}`), flag: undefined };
}

function readNamed(item: Item): RegistryInput {
  return readInput(item, required(placeIn(item, 'name')));
}

function readVariables(item: Item): ReadonlyMap<string, RegistryInput> {
  const value = item.object['variables'];
  if (!isObject(value)) return new Map();
  return new Map(
    Object.entries(value).flatMap(([name, variable]) => {
      const pointer = below(below(item.pointer, 'variables'), name);
      return isObject(variable) ? [[name, readInput({ object: variable, pointer, found: item.found }, name)]] : [];
    }),
  );
}

function readInput(item: Item, key: string): RegistryInput {
  const choices = item.object['choices'];
  return {
    pointer: item.pointer,
    key,
    value: text(placeIn(item, 'value')),
    default: text(placeIn(item, 'default')),
    isRequired: flag(placeIn(item, 'isRequired')),
    isSecret: flag(placeIn(item, 'isSecret')),
    format: text(placeIn(item, 'format')) ?? 'string',
    choices: isArray(choices) ? choices.filter((choice) => typeof choice === 'string') : [],
    variables: readVariables(item),
  };
}
