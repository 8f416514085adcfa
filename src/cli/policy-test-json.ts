import type { TriedFile } from '../settings/cases/try-cases.ts';
import { tallyOf } from './policy-test-text.ts';

/** The results as data. */
export function resultJson(files: readonly TriedFile[]): object {
  const { passed, failed } = tallyOf(files);
  return {
    passed,
    failed,
    problems: files.flatMap(({ problems }) => problems),
    cases: files.flatMap(({ file, tried }) =>
      tried.map(({ case: { name }, line, passed: isPassed, findings, problems, unpassed }) => ({
        file,
        line,
        name,
        passed: isPassed,
        found: findings.map(({ about, want, got, isAsWanted }) => ({ about, want, got, asWanted: isAsWanted })),
        problems,
        earlier: unpassed,
      })),
    ),
  };
}
