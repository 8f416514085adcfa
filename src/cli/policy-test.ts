import { relative, resolve } from 'node:path';
import { quoted } from '../policy/problem.ts';
import { openLibrary } from '../settings/cases/library.ts';
import { type TriedFile, tryCases } from '../settings/cases/try-cases.ts';
import { writeReport } from '../settings/cases/write-report.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { type FileProblem, problemLines } from '../settings/problem.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { junitXml } from './junit.ts';
import { type Options, UsageFault } from './options.ts';
import { resultJson } from './policy-test-json.ts';
import { resultLines, tallyOf } from './policy-test-text.ts';
import { tellProblems } from './tell.ts';
import type { World } from './world.ts';

const TEST_HELP = `Usage: toolgate policy test FILE... [OPTION...]

Judges the cases of files as the gateway would, and tells which do not come out as they say. A file (.json, .jsonc,
.yaml or .yml) holds a policy, or the path of one, and calls with what is wanted of them.
Exit code 0: all passed. 1: some did not, or there was none.

  --policy FILE        the policy for cases that name none
  --filter TEXT        only cases whose name holds this text
  --json               the results as JSON
  --junit FILE         writes them as JUnit XML too, for continuous integration
`;

export const policyTest: Command = {
  name: 'policy test',
  options: { policy: 'text', filter: 'text', json: 'flag', junit: 'text' },
  help: TEST_HELP,
  async run(options, world) {
    const files = [...options.words, ...(options.rest ?? [])];
    if (files.length === 0 || files.includes('')) throw new UsageFault('FILE is missing');
    if (!(await hasGoodPolicy(options, world))) return NO;
    const tried = await tryAll(files, options, world);
    const { passed, failed, broken } = tallyOf(tried);
    world.stderr.write(problemLines(tried.flatMap(({ problems }) => problems)));
    world.stdout.write(options.flags.has('json') ? jsonText(resultJson(tried)) : `${resultLines(tried).join('\n')}\n`);
    const isReported = await report(options, world, tried);
    if (broken === 0 && passed + failed === 0) world.stderr.write(`${nothing(options)}\n`);
    return isReported && broken + failed === 0 && passed > 0 ? GOOD : NO;
  },
};

/** A policy that is broken is told once, before any case is judged by it. */
async function hasGoodPolicy(options: Options, world: World): Promise<boolean> {
  const file = options.texts.get('policy');
  if (file === undefined) return true;
  const loaded = await loadPolicyFile(resolve(world.cwd, file));
  if (loaded.kind === 'problems') tellProblems(world, file, loaded.problems);
  return loaded.kind === 'policy';
}

async function tryAll(files: readonly string[], options: Options, world: World): Promise<readonly TriedFile[]> {
  const library = openLibrary();
  const policy = options.texts.get('policy');
  const filter = options.texts.get('filter') ?? '';
  const settings = {
    library,
    policy: policy === undefined ? undefined : resolve(world.cwd, policy),
    isMeant: (name: string) => name.includes(filter),
  };
  const tried: TriedFile[] = [];
  for (const file of files) {
    const path = resolve(world.cwd, file);
    const one = await tryCases(path, settings);
    const named = (problem: FileProblem): FileProblem => ({
      ...problem,
      file: problem.file === path ? file : relative(world.cwd, problem.file),
    });
    tried.push({
      file,
      problems: one.problems.map(named),
      tried: one.tried.map((each) => ({ ...each, problems: each.problems.map(named) })),
    });
  }
  return tried;
}

async function report(options: Options, world: World, tried: readonly TriedFile[]): Promise<boolean> {
  const file = options.texts.get('junit');
  if (file === undefined) return true;
  const fault = await writeReport(resolve(world.cwd, file), junitXml(tried));
  if (fault !== undefined) world.stderr.write(`${visible(`${file} ${fault}`)}\n`);
  return fault === undefined;
}

function nothing(options: Options): string {
  return visible(`toolgate policy test: no case's name holds ${quoted(options.texts.get('filter') ?? '')}`);
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, undefined, 2).split('\n').map(visibleJson).join('\n')}\n`;
}
