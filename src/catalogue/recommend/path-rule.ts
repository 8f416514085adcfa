import type { Json, JsonObject } from '../../wire/json.ts';
import { type ArgumentRule, anyOf, given, holds, ruleFor, wherePresent } from './argument-rule.ts';
import { plainName, shown } from './id-rule.ts';
import { isFreeText, type Parameter } from './parameter.ts';

const CONTROL = '\\x00-\\x1f\\x7f';
/** Parts of which none is `..`, also where a shell, a pattern or a URL parser reads them: `{..,x}`, `.*`, `%2e%2e`, `~`, `$HOME`. */
const DOTTED = `\\.[^./\\\\~%*?[{(${CONTROL}][^/\\\\%*?[{(${CONTROL}]*`;
const REST = `[^/\\\\%${CONTROL}]*`;
const PART = `(?:${DOTTED}|[^./\\\\~%{${CONTROL}]${REST})`;
/** The first part begins no option, and where it must be relative it is no drive and no scheme: `file:/etc`. */
const FIRST = `(?:${DOTTED}|[^./\\\\~%{$\\-${CONTROL}]${REST})`;
const FIRST_NAME = `(?:${DOTTED}|[^./\\\\~%{$\\-:${CONTROL}][^/\\\\%:${CONTROL}]*)`;
const FURTHER = `(?:[/\\\\]${PART})*[/\\\\]?`;
const BELOW = `^(?:\\.|(?:\\.[/\\\\])?${FIRST_NAME}${FURTHER})$`;
const CLEAN = `^(?:[A-Za-z]:)?[/\\\\]?(?:\\.|(?:\\.[/\\\\])?${FIRST}${FURTHER})?$`;
const BARE = `^${FIRST_NAME}$`;
const ESCAPES: readonly string[] = ['../../etc/passwd', 'a/../../b', '%2e%2e/x'];
const OUTSIDE = '/etc/shadow';

/** Where paths must stay. */
export interface Places {
  /** Absolute folders that were named; empty where none was. */
  readonly roots: readonly string[];
  /** The folder in which the server runs; undefined where that is not known. */
  readonly folder: string | undefined;
}

/** Keeps a path within the roots; where none is known, it may at least not climb. `remote`: it is a path in a repository or the like. */
export function pathRule(parameter: Parameter, places: Places, where: 'local' | 'remote'): ArgumentRule | undefined {
  if (!isFreeText(parameter.elements ?? parameter)) return undefined;
  const { kind, tests, good, bad, says, note } = limitsOf(parameter, places, where);
  const name = shown(parameter.name);
  return ruleFor(parameter, {
    list: 'require',
    kind,
    onDeny: `${name} must be ${says}.`,
    condition: wherePresent(parameter, (path) => anyOf(tests(path))),
    good: given(parameter, good),
    bad: given(parameter, bad),
    note: `${name} must be ${says}. ${note}`,
  });
}

interface Limits {
  readonly kind: 'within' | 'clean';
  readonly tests: (path: string) => readonly JsonObject[];
  readonly good: readonly Json[];
  readonly bad: readonly Json[];
  readonly says: string;
  readonly note: string;
}

function limitsOf({ name }: Parameter, { roots, folder }: Places, where: 'local' | 'remote'): Limits {
  const plain = [ending(name), 'example', 'example.txt', 'example.json'];
  if (where === 'remote' || (roots.length === 0 && folder === undefined)) {
    return {
      kind: 'clean',
      tests: (path) => [holds(path, 'regex', CLEAN)],
      good: plain,
      bad: ESCAPES,
      says: 'a path without .., ~ and %',
      note:
        where === 'remote'
          ? 'It is a path within what another argument names, so no root of this machine is asked for.'
          : 'No root is known, so any folder may be named: give the folders that are meant with --root DIR.',
    };
  }
  const within = roots.length > 0 ? roots : [folder ?? ''];
  const places = within.join(' or ');
  const list: Json = within.length === 1 ? (within[0] ?? '') : within;
  const inside = plain.map((file) => joined(within[0] ?? '', file));
  const isRelativeWithin = folder !== undefined && within.some((root) => isBelow(folder, root));
  const bad = [...ESCAPES, ...(within.some((root) => isBelow(OUTSIDE, root)) ? [] : [OUTSIDE])];
  if (isRelativeWithin) {
    return {
      kind: 'within',
      tests: (path) => [holds(path, 'path_within', list), holds(path, 'regex', BELOW)],
      good: [...plain, ...inside],
      bad,
      says: `within ${places}, or relative and nowhere above it`,
      note:
        roots.length > 0
          ? `Relative paths begin where the server is started: start it in ${folder}. Links are not followed: a link within leads wherever it leads.`
          : 'That is the folder in which the server is started now, and must be later; name others with --root DIR.',
    };
  }
  if (/file_?name$/.test(plainName(name))) {
    return {
      kind: 'within',
      tests: (path) => [holds(path, 'path_within', list), holds(path, 'regex', BARE)],
      good: [...plain, ...inside],
      bad,
      says: `within ${places}, or a bare name`,
      note: 'A bare name is put where the server likes: see that it is a place for it.',
    };
  }
  return {
    kind: 'within',
    tests: (path) => [holds(path, 'path_within', list)],
    good: inside,
    bad,
    says: `an absolute path within ${places}`,
    note: 'Relative paths are refused, since it is not known where the server begins them.',
  };
}

function ending(name: string): string {
  return /dir|folder|cwd|workspace/.test(plainName(name)) ? 'example' : 'example.txt';
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function joined(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`;
}
