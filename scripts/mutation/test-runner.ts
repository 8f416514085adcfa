// Stryker starts Vitest anew for each mutant, a second each. This runner keeps the code loaded and switches mutants
// inside it, so that a mutant costs milliseconds.
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { type CollectedTest } from './gather-tests.ts';
import { openTestFile, type TestFile } from './test-file.ts';

/** The cheapest first: most mutants fall there. */
const FILES = ['src/policy/**/*.test.ts', 'scripts/mutation/cases.ts', 'test/laws/*.test.ts'];
/** Tests of time, not of truth, which take longer than all others together. */
const LEFT_OUT = /typed\/linear|soundness|check\/law|check-matching|policy\/(inspect|mask|base64|secrets|diff|check)/;
const LEFT_OUT_TESTS = /in time|in such time|its share of time|hostile documents end|hostile schemas|less than two seconds|too long names a pair/;

interface Loaded {
  readonly file: TestFile;
  readonly name: string;
  readonly tests: readonly CollectedTest[];
  /** Mutants that the body of the file passes while it loads: under them it is loaded again. */
  readonly touched: ReadonlySet<string>;
}

type Space = InstrumenterContext & { hitLimit?: number | undefined };

export class InProcessRunner implements TestRunner {
  readonly #space: Space;
  #loaded: readonly Loaded[] | undefined;

  constructor() {
    const owner = globalThis as unknown as { __stryker__?: Space };
    owner.__stryker__ ??= {};
    this.#space = owner.__stryker__;
  }

  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async dryRun(): Promise<DryRunResult> {
    const loaded = await this.#load();
    const tests: TestResult[] = [];
    for (const { name, tests: own, touched } of loaded) {
      for (const test of own) {
        const id = `${name}#${test.name}`;
        this.#space.currentTestId = id;
        tests.push(await tried(id, test));
        this.#space.currentTestId = undefined;
        const covered = this.#coverageOf(id);
        for (const mutant of touched) covered[mutant] ??= 1;
      }
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#coverage() };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, testFilter } = options;
    if (mutantActivation !== 'static') await this.#load();
    this.#space.hitCount = 0;
    this.#space.hitLimit = hitLimit;
    this.#space.activeMutant = activeMutant.id;
    try {
      const result = await this.#try(activeMutant.id, testFilter === undefined ? undefined : new Set(testFilter));
      return toMutantRunResult(determineHitLimitReached(this.#space.hitCount, hitLimit) ?? result);
    } finally {
      this.#space.activeMutant = undefined;
    }
  }

  async #try(mutant: string, meant: ReadonlySet<string> | undefined): Promise<DryRunResult> {
    const done: TestResult[] = [];
    try {
      for (const { name, file, tests, touched } of await this.#load()) {
        const isMeant = ({ name: test }: CollectedTest): boolean => meant?.has(`${name}#${test}`) ?? true;
        if (!tests.some(isMeant)) continue;
        const now = touched.has(mutant) ? await file.gather() : tests;
        for (const test of now.filter(isMeant)) {
          const result = await tried(`${name}#${test.name}`, test);
          done.push(result);
          if (result.status === TestStatus.Failed) return { status: DryRunStatus.Complete, tests: done };
        }
      }
    } catch (error) {
      done.push({ id: '(loading)', name: '(loading)', timeSpentMs: 0, status: TestStatus.Failed, failureMessage: String(error) });
    }
    return { status: DryRunStatus.Complete, tests: done };
  }

  async #load(): Promise<readonly Loaded[]> {
    if (this.#loaded !== undefined) return this.#loaded;
    const loaded: Loaded[] = [];
    for (const name of FILES.flatMap((files) => globSync(files).sort())) {
      if (LEFT_OUT.test(name)) continue;
      const file = await openTestFile(resolve(name));
      const id = `${name}#(loading)`;
      this.#space.currentTestId = id;
      const tests = (await file.gather()).filter((test) => !LEFT_OUT_TESTS.test(test.name));
      this.#space.currentTestId = undefined;
      loaded.push({ file, name, tests, touched: new Set(Object.keys(this.#coverageOf(id))) });
      delete this.#coverage().perTest[id];
    }
    this.#loaded = loaded;
    return loaded;
  }

  #coverage(): NonNullable<Space['mutantCoverage']> {
    this.#space.mutantCoverage ??= { static: {}, perTest: {} };
    return this.#space.mutantCoverage;
  }

  #coverageOf(id: string): Record<string, number> {
    const { perTest } = this.#coverage();
    perTest[id] ??= {};
    return perTest[id];
  }
}

async function tried(id: string, test: CollectedTest): Promise<TestResult> {
  const start = performance.now();
  try {
    await test.run();
    return { id, name: test.name, timeSpentMs: performance.now() - start, status: TestStatus.Success };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { id, name: test.name, timeSpentMs: performance.now() - start, status: TestStatus.Failed, failureMessage };
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
