import { globSync } from 'node:fs';
import type { CollectedTest } from './gather-tests.ts';

/** In this order, the quick ones first. */
const FILES: readonly string[] = ['src/policy/**/*.test.ts', 'scripts/mutation/cases.ts'];
/** Tests of time, and properties over whole documents: together they take longer than all others, and see little more. */
const FILES_LEFT_OUT = /(linear|soundness|law|check-matching)\.test\.ts$/;
const TESTS_LEFT_OUT =
  /in time|in such time|its share of time|hostile (documents end|schemas)|less than two seconds|too long names a pair/;

/** Names of the files whose tests are tried on mutants. */
export function namesOfTestFiles(): readonly string[] {
  return FILES.flatMap((files) => globSync(files).sort()).filter((name) => !FILES_LEFT_OUT.test(name));
}

export function isMeantTest({ name }: CollectedTest): boolean {
  return !TESTS_LEFT_OUT.test(name);
}
