import { visible } from './visible.ts';

/** What is wrong in which file. `line` and `column` count from 1; both are 0 when the file as a whole is meant. */
export interface FileProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** JSON Pointer of the place; empty for the whole document. */
  readonly pointer: string;
  readonly message: string;
}

/** One line, safe for a terminal: `FILE:LINE:COLUMN POINTER MESSAGE`. */
export function problemLine(problem: FileProblem): string {
  const { file, line, column, pointer, message } = problem;
  const place = line === 0 ? file : `${file}:${line}:${column}`;
  return visible(pointer === '' ? `${place} ${message}` : `${place} ${pointer} ${message}`);
}

/** A line for each, as they are written to the errors. */
export function problemLines(problems: readonly FileProblem[]): string {
  return problems.map((problem) => `${problemLine(problem)}\n`).join('');
}
