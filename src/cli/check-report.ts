import { isAbsolute, relative } from 'node:path';
import { type FileProblem, problemLine } from '../settings/problem.ts';
import type { CheckedFile, FileWarning } from '../settings/report/check-file.ts';
import { visibleJson } from '../settings/visible.ts';
import { isObject, type Json } from '../wire/json.ts';
import { shortSummary } from './policy-summary.ts';

/** One file of the command line and what was found in it, with names as the user knows them. */
export interface Checked extends CheckedFile {
  readonly file: string;
}

/** Gives every place the name that was typed, or one relative to the folder, in place of an absolute one. */
export function asTyped(checked: CheckedFile, file: string, path: string, cwd: string): Checked {
  const rename = <Place extends FileProblem>(place: Place): Place => ({
    ...place,
    file: place.file === path ? file : shortName(place.file, cwd),
  });
  return { ...checked, file, problems: checked.problems.map(rename), warnings: checked.warnings.map(rename) };
}

function shortName(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** A line for each problem and warning, for a terminal. */
export function reportLines({ problems, warnings }: Checked): readonly string[] {
  const told = warnings.map((warning) => ({ ...warning, message: `warning[${warning.code}]: ${warning.message}` }));
  return [...problems, ...told].map(problemLine);
}

/** One line for a file without problems. */
export function verdictLine({ file, kind, document, warnings }: Checked, strictness: 'strict' | 'lenient'): string {
  const summary = kind === 'policy' ? shortSummary(document ?? null) : configurationSummary(document);
  const count = `${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
  if (warnings.length === 0) return `${file}: ok (${summary})`;
  return strictness === 'strict'
    ? `${file}: ${count}, which --strict refuses (${summary})`
    : `${file}: ok, ${count} (${summary})`;
}

function configurationSummary(document: Json | undefined): string {
  const parts = [
    ['servers', 'server'],
    ['policies', 'policy'],
    ['grants', 'grant'],
  ] as const;
  return parts
    .map(([key, one]) => {
      const table = isObject(document) ? document[key] : undefined;
      const count = isObject(table) ? Object.keys(table).length : 0;
      return `${count} ${count === 1 ? one : key}`;
    })
    .join(', ');
}

/** Everything as one JSON text. */
export function reportJson(files: readonly Checked[]): string {
  const report = files.map(({ file, kind, problems, warnings }) => ({
    file,
    kind,
    ok: problems.length === 0,
    problems: problems.map(placeOf),
    warnings: warnings.map((warning) => ({ ...placeOf(warning), code: warning.code })),
  }));
  return printed({ files: report });
}

function placeOf({ file, line, column, pointer, message }: FileProblem | FileWarning): FileProblem {
  return { file, line, column, pointer, message };
}

/** JSON for people and programs; nothing in it moves a terminal. */
export function printed(value: object): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(visibleJson).join('\n')}\n`;
}
