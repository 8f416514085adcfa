import type { Finding } from '../settings/cases/finding.ts';
import type { Tried, TriedFile } from '../settings/cases/try-cases.ts';
import { problemLine } from '../settings/problem.ts';
import { visible } from '../settings/visible.ts';

/** How many cases came out how; a broken file has none. */
interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly broken: number;
}

export function tallyOf(files: readonly TriedFile[]): Tally {
  const tried = files.flatMap((file) => file.tried);
  const passed = tried.filter((one) => one.passed).length;
  return { passed, failed: tried.length - passed, broken: files.filter(({ problems }) => problems.length > 0).length };
}

/** One block for each case that failed, then how many there were. */
export function resultLines(files: readonly TriedFile[]): readonly string[] {
  const failed = files.flatMap(({ file, tried }) =>
    tried.filter(({ passed }) => !passed).flatMap((one) => [...failureLines(file, one), '']),
  );
  return [...failed, tallyLine(tallyOf(files))];
}

function tallyLine({ passed, failed, broken }: Tally): string {
  const files = broken === 0 ? '' : `, ${broken} ${broken === 1 ? 'file' : 'files'} not judged`;
  return `${passed} passed, ${failed} failed${files}`;
}

/** `FILE:LINE name`, then each thing as it was wanted and as it is. */
export function failureLines(file: string, one: Tried): readonly string[] {
  const { findings, unpassed, problems, line } = one;
  return [
    visible(`${file}:${line} ${one.case.name}`),
    ...problems.map((problem) => `  ${problemLine(problem)}`),
    ...findings.flatMap(findingLines),
    ...(unpassed === undefined ? [] : [visible(`    earlier: ${unpassed}`)]),
  ];
}

function findingLines({ about, want, got, isAsWanted }: Finding): readonly string[] {
  if (isAsWanted) return [visible(`    ${about}: ${got}`)];
  return [visible(`  - ${about}: ${want ?? ''}`), visible(`  + ${about}: ${got}`)];
}
