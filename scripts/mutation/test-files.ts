import { globSync } from 'node:fs';
import type { CollectedTest } from './gather-tests.ts';

/** In this order, the quick ones first. */
const FILES: readonly string[] = [
  'src/policy/**/*.test.ts',
  'scripts/mutation/cases.ts',
  'src/settings/check-counters.test.ts',
  'src/cli/policy-explain.test.ts',
  'test/docs/reference.test.ts',
  'test/laws/{agreement,reachable}.test.ts',
  'test/stores/memory.test.ts',
];
/** Tests of time, and properties over whole documents that need many runs: they take longer than all others together. */
const FILES_LEFT_OUT = /(linear|soundness|check\/law|check-matching|check-together|subjects)\.test\.ts$/;
const TESTS_LEFT_OUT =
  /in (such )?time|its share of time|less than two seconds|hundred thousand tools|expressions (without end|that unfold)|large but plain/;

/** Slow tests that see only one part of the code. */
const ONLY_FOR: ReadonlyMap<string, RegExp> = new Map([
  ['test/stores/memory.test.ts', /policy\/count\//],
  ['src/policy/overlap.test.ts', /(overlap|pattern|glob-walk|table)\.ts$/],
  ['src/policy/path-pattern.test.ts', /path/],
]);

/** Names of the files whose tests are tried on mutants. */
export function namesOfTestFiles(): readonly string[] {
  return FILES.flatMap((files) => globSync(files).sort()).filter((name) => !FILES_LEFT_OUT.test(name));
}

export function isMeantTest({ name }: CollectedTest): boolean {
  return !TESTS_LEFT_OUT.test(name);
}

/** Whether the tests of a file are tried on the mutants of another. */
export function isMeantFor(name: string, mutated: string): boolean {
  return ONLY_FOR.get(name)?.test(mutated) ?? true;
}
