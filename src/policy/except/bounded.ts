import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { quoted } from '../problem.ts';
import { TRUE } from '../truth.ts';
import { type Folder, judgePath, readFolder } from '../typed/folder.ts';
import { hostListOf, readHostEntry } from '../typed/host-list.ts';
import { judgeUrlHost, judgeUrlScheme } from '../typed/url.ts';
import { argumentPath } from './argument-path.ts';
import type { Bound } from './proposal.ts';

/** Conditions that an argument meets as long as it keeps a bound; a text says why this value cannot have it. */
export function boundedConditions(name: string, value: Json, bound: Bound): readonly JsonObject[] | string {
  const path = argumentPath(name);
  const told = `the argument ${quoted(name)}`;
  switch (bound.kind) {
    case 'exact':
      return [condition(path, 'eq', value)];
    case 'up to':
      if (typeof value !== 'number' || value < 0) return `${told} is no number from 0 up; choose another bound`;
      return [condition(path, 'gte', 0), condition(path, 'lte', value)];
    case 'within folder': {
      const folder = bound.folder ?? folderOf(value);
      const why = folder === undefined ? undefined : whyNotWithin(folder, value);
      if (folder === undefined) return `${told} is no path of a file in a folder; choose another bound`;
      return why === undefined ? [condition(path, 'path_within', [folder])] : `${told}: ${why}`;
    }
    case 'same host': {
      const origin = originOf(value);
      if (origin === undefined) return `${told} is no URL whose host is beyond doubt; choose another bound`;
      return [condition(path, 'url_scheme_in', [origin.scheme]), condition(path, 'url_host_in', [origin.host])];
    }
    case 'begins with': {
      const why = whyNoBeginning(bound.prefix, value);
      return why === undefined ? [condition(path, 'starts_with', bound.prefix)] : `${told}: ${why}`;
    }
    case 'any value': {
      const type = typeName(value);
      if (type === 'null') return `${told} is null, which is but one value; choose "exact"`;
      return [condition(path, 'exists', true), condition(path, 'type', type)];
    }
  }
}

/** The bounds that a value can have, the narrowest first. */
export function boundsFor(name: string, value: Json): readonly Bound[] {
  const folder = folderOf(value);
  const prefix = beginningOf(value);
  const candidates: readonly Bound[] = [
    { kind: 'exact' },
    { kind: 'up to' },
    ...(folder === undefined ? [] : [{ kind: 'within folder' as const, folder }]),
    { kind: 'same host' },
    ...(prefix === undefined ? [] : [{ kind: 'begins with' as const, prefix }]),
    { kind: 'any value' },
  ];
  return candidates.filter((bound) => typeof boundedConditions(name, value, bound) !== 'string');
}

export function condition(path: string, op: string, value: Json): JsonObject {
  return objectOf([
    ['path', path],
    ['op', op],
    ['value', value],
  ]);
}

/** The folder in which the file of an absolute path lies; undefined for what lies in a root, and for what is no such path. */
function folderOf(value: Json): string | undefined {
  if (typeof value !== 'string' || !isFilePath(value)) return undefined;
  const separator = value.startsWith('/')
    ? value.lastIndexOf('/')
    : Math.max(value.lastIndexOf('\\'), value.lastIndexOf('/'));
  const folder = value.slice(0, separator);
  return whyNotWithin(folder, value) === undefined ? folder : undefined;
}

function isFilePath(text: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/])/.test(text);
}

function whyNotWithin(text: string, value: Json): string | undefined {
  const folder = readFolder(text);
  if (typeof folder === 'string') return folder;
  if (isRoot(folder)) return `${quoted(text)} holds every file; name a folder in it`;
  if (typeof value === 'string' && judgePath([folder], value) === TRUE) return undefined;
  return `the path of the call does not lie in ${quoted(text)} beyond doubt; name a folder in which it does`;
}

function isRoot({ plain }: Folder): boolean {
  return plain.segments.length === 0;
}

function originOf(value: Json): { readonly scheme: string; readonly host: string } | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (typeof value !== 'string' || url === null) return undefined;
  const scheme = url.protocol.slice(0, -1);
  const host = url.hostname;
  const entry = readHostEntry(host);
  if (typeof entry === 'string' || judgeUrlHost(hostListOf([entry]), value) !== TRUE) return undefined;
  return judgeUrlScheme(new Set([scheme]), value) === TRUE ? { scheme, host } : undefined;
}

/** Paths and URLs that begin with some letters may lead elsewhere: typed bounds are for them. */
function whyNoBeginning(prefix: string, value: Json): string | undefined {
  if (typeof value !== 'string') return 'it is no text; choose another bound';
  if (prefix === '' || !value.startsWith(prefix))
    return `it does not begin with ${quoted(prefix)}; write how it begins`;
  if (isFilePath(value)) return 'it is a path, which can begin so and lead elsewhere; choose "within folder"';
  if (/^[A-Za-z][A-Za-z0-9+.-]*:/.test(value))
    return 'it is a URL, which can begin so and lead elsewhere; choose "same host"';
  return undefined;
}

/**
 * As far as the last sign between words; the whole text where there is none. Of what may be a command, a query or prose none is
 * proposed: it can begin alike and do anything.
 */
function beginningOf(value: Json): string | undefined {
  if (typeof value !== 'string' || !/^[\w./:#@+=,-]+$/.test(value)) return undefined;
  return /^.*[/._:#@-](?=.)/.exec(value)?.[0] ?? value;
}

function typeName(value: Json): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'array';
  return isObject(value) ? 'object' : typeof value;
}
