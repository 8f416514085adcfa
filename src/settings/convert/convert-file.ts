import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { quoted } from '../../policy/problem.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { FileProblem } from '../problem.ts';
import { besideNumbers, readableIn, readDocument } from '../read-document.ts';
import { convertIntercept } from './convert-intercept.ts';

export type ConvertedFile =
  | { readonly kind: 'policy'; readonly document: JsonObject; readonly notes: readonly FileProblem[] }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** Reads an Intercept policy and converts it. All its problems at once, in the order of the file. Never rejects. */
export async function convertFile(file: string): Promise<ConvertedFile> {
  const { document, problems: numbers } = readableIn(await readDocument(file));
  if (document === undefined) return { kind: 'problems', problems: numbers };
  const foreign = await readForeign(file);
  const converted = convertIntercept(document.value);
  if (converted.kind === 'policy' && foreign.length + numbers.length === 0) {
    const notes = converted.notes.map(({ pointer, message }) => document.problem(pointer, message));
    return { kind: 'policy', document: converted.document, notes: notes.sort(byPlace) };
  }
  const problems = converted.kind === 'policy' ? [] : converted.problems;
  const placed = problems.map(({ pointer, message }) => document.problem(pointer, message));
  return { kind: 'problems', problems: [...foreign, ...besideNumbers(numbers, placed)].sort(byPlace) };
}

function byPlace(a: FileProblem, b: FileProblem): number {
  return a.line - b.line || a.column - b.column;
}

async function readForeign(file: string): Promise<readonly FileProblem[]> {
  if (!/^\.ya?ml$/i.test(extname(file))) return [];
  const bytes = await readFile(file).catch(() => undefined);
  if (bytes === undefined) {
    return [{ file, line: 0, column: 0, pointer: '', message: 'cannot be read a second time; try again' }];
  }
  // The YAML parser is waited for only where there is YAML.
  const { foreignScalars } = await import('./foreign-scalars.ts');
  return foreignScalars(new TextDecoder().decode(bytes)).map(({ text, line, column }) => {
    const message = `Intercept reads ${quoted(text)} as a number or a time; quote it, or write a plain decimal number`;
    return { file, line, column, pointer: '', message };
  });
}
