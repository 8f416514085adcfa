import { resolve } from 'node:path';
import type { PinMode } from '../gateway/pins/pin-mode.ts';
import type { RiskClass } from '../policy/decision.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { keysOf } from '../policy/shape.ts';
import { CLASSES } from '../policy/words.ts';
import { loadCatalogue } from './load-catalogue.ts';
import { readServerPrivacy } from './read-privacy.ts';
import { readEnvironment, readHeaders } from './read-secrets.ts';
import {
  elements,
  type Item,
  knownKeys,
  member,
  type NamedItem,
  namedItems,
  type Reading,
  say,
  secondsAt,
  textAt,
  wordAt,
} from './reading.ts';
import { isServerName, SERVER_NAME_RULE } from './server-name.ts';
import { readServerUrl } from './server-url.ts';
import type { AnyServerSettings, CommandServerSettings, ServerSettings, UrlServerSettings } from './settings.ts';
import { COMMAND_KEYS, SERVER, URL_KEYS } from './vocabulary.ts';
import { PINS } from './words.ts';

const ANSWER_SECONDS = 300;
const IDLE_SECONDS = 1800;

/** Reads `servers`. A relative `cwd` is relative to `folder`, that of the configuration. */
export function readServers(
  reading: Reading,
  item: Item | undefined,
  folder: string,
): ReadonlyMap<string, ServerSettings> {
  const servers = new Map<string, ServerSettings>();
  for (const server of namedItems(reading, item)) {
    if (!isServerName(server.name)) say(reading, server.pointer, SERVER_NAME_RULE);
    const settings = readServer(reading, server, folder);
    if (settings !== undefined) servers.set(server.name, settings);
  }
  return servers;
}

function readServer(reading: Reading, server: NamedItem, folder: string): ServerSettings | undefined {
  if (!knownKeys(reading, server, keysOf(SERVER))) return undefined;
  const shared: AnyServerSettings = {
    name: server.name,
    classes: readClasses(reading, member(server, 'classes')),
    catalogue: readCatalogue(reading, member(server, 'catalogue')),
    pins: readPins(reading, member(server, 'pins')),
    privacy: readServerPrivacy(reading, member(server, 'audit')),
    timeoutMs: secondsAt(reading, member(server, 'timeout'), ANSWER_SECONDS),
    idleMs: secondsAt(reading, member(server, 'idle'), IDLE_SECONDS),
  };
  const command = member(server, 'command');
  const url = member(server, 'url');
  if (command !== undefined && url === undefined) {
    refuseKeys(reading, server, URL_KEYS, '"url"');
    return readCommand(reading, server, command, shared, folder);
  }
  if (url !== undefined && command === undefined) {
    refuseKeys(reading, server, COMMAND_KEYS, '"command"');
    return readRemote(reading, server, url, shared);
  }
  return say(reading, server.pointer, 'a server has exactly one of "command" and "url"');
}

function refuseKeys(reading: Reading, server: NamedItem, keys: readonly string[], owner: string): void {
  for (const key of keys) {
    const misplaced = member(server, key);
    if (misplaced !== undefined) say(reading, misplaced.pointer, `"${key}" goes only with ${owner}`);
  }
}

function readCommand(
  reading: Reading,
  server: NamedItem,
  command: Item,
  shared: AnyServerSettings,
  folder: string,
): CommandServerSettings | undefined {
  const env = readEnvironment(reading, member(server, 'env'));
  const cwd = textAt(reading, member(server, 'cwd'));
  const words = elements(reading, command);
  const texts: string[] = [];
  for (const word of words) {
    const text = textAt(reading, word);
    if (text?.includes('\0') === true) say(reading, word.pointer, 'must not hold a NUL character');
    if (text !== undefined) texts.push(text);
  }
  const [program, ...args] = texts;
  if (texts.length < words.length) return undefined;
  if (program === undefined || program === '') {
    return say(reading, command.pointer, 'must name a program and its arguments, such as ["npx", "-y", "some-server"]');
  }
  const folderOf = cwd === undefined ? undefined : resolve(folder, cwd);
  return { kind: 'command', ...shared, command: [program, ...args], env, cwd: folderOf };
}

function readRemote(
  reading: Reading,
  server: NamedItem,
  item: Item,
  shared: AnyServerSettings,
): UrlServerSettings | undefined {
  const headers = readHeaders(reading, member(server, 'headers'));
  const text = textAt(reading, item);
  if (text === undefined) return undefined;
  const read = readServerUrl(text, '"headers"');
  if (read.kind === 'fault') return say(reading, item.pointer, read.reason);
  return { kind: 'url', ...shared, url: read.url.href, headers };
}

/** A word that cannot be read is a problem, and until it is mended nothing is let pass for it. */
function readPins(reading: Reading, item: Item | undefined): PinMode {
  return (item === undefined ? undefined : wordAt(reading, item, PINS)) ?? 'hold';
}

/** The names are looked up only where one is written. */
function readCatalogue(reading: Reading, item: Item | undefined): string | undefined {
  if (item === undefined) return undefined;
  if (item.value === false) return 'none';
  const text = textAt(reading, item);
  const names = text === undefined || text === 'none' ? [] : loadCatalogue().names();
  if (text === undefined || text === 'none' || names.includes(text)) return text;
  // A variable may stand for it, so only what the file itself says is repeated.
  if (text !== item.value) return say(reading, item.pointer, 'names no server of the catalogue');
  const nearest = didYouMean(text, names);
  return say(
    reading,
    item.pointer,
    `the catalogue has no server ${quoted(text)}${nearest}; "none" says that it is none`,
  );
}

function readClasses(reading: Reading, item: Item | undefined): ReadonlyMap<string, RiskClass> {
  const classes = new Map<string, RiskClass>();
  for (const tool of namedItems(reading, item)) {
    const word = wordAt(reading, tool, CLASSES);
    if (word !== undefined) classes.set(tool.name, word);
  }
  return classes;
}
