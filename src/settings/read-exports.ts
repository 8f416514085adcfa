import { resolve } from 'node:path';
import { keysOf } from '../policy/shape.ts';
import { ADDRESS_KEYS, DEFAULT_SERVICE, EXPORT, FILE_KEYS, OTLP_KEYS } from './export-vocabulary.ts';
import { checkIdentityName } from './read-grants.ts';
import { readHeaders } from './read-secrets.ts';
import {
  type Item,
  knownKeys,
  member,
  type NamedItem,
  namedItems,
  type Reading,
  say,
  textAt,
  wordAt,
} from './reading.ts';
import { Secret } from './secret.ts';
import { readServerUrl } from './server-url.ts';
import type { AddressExportSettings, ExportSettings } from './settings.ts';
import { EXPORT_STARTS, EXPORT_TARGETS } from './words.ts';

/** Reads `audit.export`: who gets the log. One that is not whole is left out; its problems are told. */
export function readExports(
  reading: Reading,
  item: Item | undefined,
  folder: string,
): ReadonlyMap<string, ExportSettings> {
  const exports = new Map<string, ExportSettings>();
  for (const entry of namedItems(reading, item)) {
    checkIdentityName(reading, entry);
    const read = readExport(reading, entry, folder);
    if (read !== undefined) exports.set(entry.name, read);
  }
  return exports;
}

function readExport(reading: Reading, entry: NamedItem, folder: string): ExportSettings | undefined {
  if (!knownKeys(reading, entry, keysOf(EXPORT))) return undefined;
  const toItem = member(entry, 'to');
  if (toItem === undefined) return say(reading, entry.pointer, `"to" is missing: ${EXPORT_TARGETS.join(', ')}`);
  const to = wordAt(reading, toItem, EXPORT_TARGETS);
  const fromItem = member(entry, 'from');
  const from = fromItem === undefined ? 'start' : wordAt(reading, fromItem, EXPORT_STARTS);
  if (to === undefined || from === undefined) return undefined;
  const { name } = entry;
  if (to === 'file') {
    refuse(reading, entry, [...ADDRESS_KEYS, ...OTLP_KEYS], to);
    const file = readFile(reading, entry);
    return file === undefined ? undefined : { name, from, to, file: resolve(folder, file) };
  }
  refuse(reading, entry, to === 'http' ? [...FILE_KEYS, ...OTLP_KEYS] : FILE_KEYS, to);
  const address = readAddress(reading, entry);
  if (to === 'http') return address && { name, from, to, ...address };
  const service = readService(reading, entry);
  return address === undefined || service === undefined ? undefined : { name, from, to, ...address, service };
}

function refuse(reading: Reading, entry: Item, keys: readonly string[], to: string): void {
  for (const key of keys) {
    const item = member(entry, key);
    if (item !== undefined) say(reading, item.pointer, `does not go with "to": "${to}"; leave it out`);
  }
}

function readFile(reading: Reading, entry: Item): string | undefined {
  const item = member(entry, 'file');
  if (item === undefined) return say(reading, entry.pointer, '"file" is missing: to which file are records appended?');
  const file = textAt(reading, item);
  if (file === '') return say(reading, item.pointer, 'must name a file');
  return file;
}

/** INVARIANT: no part of it is repeated; it may hold a secret. */
function readAddress(reading: Reading, entry: Item): Pick<AddressExportSettings, 'url' | 'headers'> | undefined {
  const headers = readHeaders(reading, member(entry, 'headers'));
  const item = member(entry, 'url');
  if (item === undefined) return say(reading, entry.pointer, '"url" is missing: where are records sent?');
  const text = textAt(reading, item);
  if (text === undefined) return undefined;
  const read = readServerUrl(text, '"headers"');
  return read.kind === 'url' ? { url: new Secret(read.url.href), headers } : say(reading, item.pointer, read.reason);
}

function readService(reading: Reading, entry: Item): string | undefined {
  const item = member(entry, 'service');
  if (item === undefined) return DEFAULT_SERVICE;
  const service = textAt(reading, item);
  return service === '' ? say(reading, item.pointer, 'must name the service') : service;
}
