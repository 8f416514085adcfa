// Stryker's own runner starts Vitest anew for each mutant, a second each. This one keeps the code loaded and switches the
// mutants inside it, so that a mutant costs milliseconds.
import { basename, dirname, resolve } from 'node:path';
import type { InstrumenterContext } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import type { CollectedTest } from './gather-tests.ts';
import { openTestFile, type TestFile } from './test-file.ts';
import { isMeantFor, isMeantTest, namesOfTestFiles } from './test-files.ts';

interface Loaded {
  readonly name: string;
  readonly file: TestFile;
  readonly tests: readonly CollectedTest[];
  /** Mutants that the body of the file passes while it runs: under them it is run again. */
  readonly touched: ReadonlySet<string>;
}

interface Tried {
  readonly result: TestResult;
  /** Tries the same test once more. */
  readonly again: () => Promise<TestResult>;
}

/** Where mutated code looks which mutant is active, and counts what it passes. */
type Space = { [Key in keyof InstrumenterContext]?: InstrumenterContext[Key] | undefined };

class InProcessRunner implements TestRunner {
  readonly #space: Space;
  readonly #loaded = new Map<string, Loaded>();

  constructor() {
    const owner = globalThis as { __stryker__?: Space };
    owner.__stryker__ ??= {};
    this.#space = owner.__stryker__;
  }

  /** Modules stay loaded, so Stryker gives each mutant of code that runs on loading a process of its own. */
  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: false };
  }

  async dryRun(): Promise<DryRunResult> {
    const results: TestResult[] = [];
    for (const name of namesOfTestFiles()) {
      const { tests, touched } = await this.#load(name);
      for (const test of tests) {
        const id = idOf(name, test);
        this.#space.currentTestId = id;
        results.push(await tryTest(name, test));
        this.#space.currentTestId = undefined;
        const covered = this.#coverageOf(id);
        for (const mutant of touched) covered[mutant] ??= 1;
      }
    }
    return { status: DryRunStatus.Complete, tests: results, mutantCoverage: this.#coverage() };
  }

  async mutantRun(options: MutantRunOptions): Promise<MutantRunResult> {
    const { activeMutant, hitLimit, mutantActivation, testFilter, sandboxFileName } = options;
    const names = byAffinity(
      namesOfTestFiles().filter((name) => isMeantFor(name, sandboxFileName)),
      sandboxFileName,
    );
    if (mutantActivation !== 'static') for (const name of names) await this.#load(name);
    this.#space.hitCount = 0;
    this.#space.hitLimit = hitLimit;
    this.#space.activeMutant = activeMutant.id;
    const tried = await this.#tryUntilFailure(names, activeMutant.id, testFilter);
    const reached = determineHitLimitReached(this.#space.hitCount, hitLimit);
    this.#space.activeMutant = undefined;
    this.#space.hitLimit = undefined;
    // What the mutant left behind must not fail the tests of the next one: Stryker then starts a fresh process.
    const last = tried.at(-1);
    if (mutantActivation !== 'static' && last !== undefined && isFailed(last.result) && isFailed(await last.again())) {
      throw new Error(`${last.result.id} fails without a mutant too`);
    }
    return toMutantRunResult(reached ?? { status: DryRunStatus.Complete, tests: tried.map(({ result }) => result) });
  }

  async #tryUntilFailure(
    names: readonly string[],
    mutant: string,
    filter: readonly string[] | undefined,
  ): Promise<readonly Tried[]> {
    const meant = filter === undefined ? undefined : new Set(filter);
    const tried: Tried[] = [];
    for (const name of names) {
      const isMeant = (test: CollectedTest): boolean => meant?.has(idOf(name, test)) ?? true;
      try {
        const loaded = await this.#load(name);
        if (!loaded.tests.some(isMeant)) continue;
        const isTouched = loaded.touched.has(mutant);
        const tests = isTouched ? (await loaded.file.gather()).filter(isMeantTest) : loaded.tests;
        for (const test of tests.filter(isMeant)) {
          const result = await tryTest(name, test);
          tried.push({ result, again: () => tryTest(name, isTouched ? sameIn(loaded.tests, test) : test) });
          if (isFailed(result)) return tried;
        }
      } catch (error) {
        const result = failed({ id: `${name}#(loading)`, name: '(loading)', timeSpentMs: 0 }, error);
        return [...tried, { result, again: async () => ({ ...result, status: TestStatus.Success }) }];
      }
    }
    return tried;
  }

  async #load(name: string): Promise<Loaded> {
    const already = this.#loaded.get(name);
    if (already !== undefined) return already;
    const file = await openTestFile(resolve(name));
    const id = `${name}#(loading)`;
    this.#space.currentTestId = id;
    const tests = (await file.gather()).filter(isMeantTest);
    this.#space.currentTestId = undefined;
    const loaded: Loaded = { name, file, tests, touched: new Set(Object.keys(this.#coverageOf(id))) };
    delete this.#coverage().perTest[id];
    this.#loaded.set(name, loaded);
    return loaded;
  }

  #coverage(): NonNullable<InstrumenterContext['mutantCoverage']> {
    this.#space.mutantCoverage ??= { static: {}, perTest: {} };
    return this.#space.mutantCoverage;
  }

  #coverageOf(id: string): Record<string, number> {
    const { perTest } = this.#coverage();
    perTest[id] ??= {};
    return perTest[id];
  }
}

/** The tests beside a file come first, then those of its folder: most of its mutants fall there. */
function byAffinity(names: readonly string[], mutated: string): readonly string[] {
  const own = basename(mutated, '.ts');
  const distance = (name: string): number => {
    if (basename(name, '.test.ts') === own) return 0;
    return name.endsWith('cases.ts') ? 1 : resolve(dirname(name)) === dirname(mutated) ? 2 : 3;
  };
  return names.toSorted((one, other) => distance(one) - distance(other));
}

/** The test as it is without a mutant. */
function sameIn(tests: readonly CollectedTest[], { name }: CollectedTest): CollectedTest {
  return tests.find((test) => test.name === name) ?? { name, run: () => undefined };
}

function idOf(file: string, test: CollectedTest): string {
  return `${file}#${test.name}`;
}

function isFailed(result: TestResult): boolean {
  return result.status === TestStatus.Failed;
}

async function tryTest(file: string, test: CollectedTest): Promise<TestResult> {
  const start = performance.now();
  const about = () => ({
    id: idOf(file, test),
    name: test.name,
    timeSpentMs: performance.now() - start,
    fileName: file,
  });
  try {
    await test.run();
    return { ...about(), status: TestStatus.Success };
  } catch (error) {
    return failed(about(), error);
  }
}

function failed(
  about: { readonly id: string; readonly name: string; readonly timeSpentMs: number },
  error: unknown,
): TestResult {
  const failureMessage = error instanceof Error ? error.message : String(error);
  return { ...about, status: TestStatus.Failed, failureMessage };
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
