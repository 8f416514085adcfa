import { resolve } from 'node:path';
import type { Verdict } from '../policy/diff/change.ts';
import { diffPolicies } from '../policy/diff/diff-policies.ts';
import type { Version } from '../policy/diff/reader.ts';
import type { KnownTool } from '../policy/diff/subjects.ts';
import { quoted } from '../policy/problem.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { loadToolsFile } from '../settings/tools-file.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { diffJson } from './diff-json.ts';
import { diffLines } from './diff-text.ts';
import { GOOD, NO } from './exit-code.ts';
import { type Options, UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';
import type { World } from './world.ts';

const HELP = `Usage: toolgate policy diff OLD NEW [OPTION...]

Tells what changes in meaning from one policy to another, name by name: what gets looser (-), what tighter (+), what
cannot be ordered (~), and what only says another reason; with the places in both files, and a call that is answered
otherwise. Moved keys, other ids and other ways to write the same thing are no change.
Exit code 0: compared. 1: a policy is not valid, or --fail-on says so.

  --tools FILE         what the server answers to tools/list: compares its tools; without it every name and pattern
                       of both files
  --json               every name with all of its changes, as JSON
  --fail-on WHAT       exit code 1 if something is looser, tighter (what cannot be ordered counts as both), or for any
                       difference: looser, tighter, any; also if there are too many
                       combinations of patterns to look at all of them
`;

/** When the calls that are tried are made, a Monday: the same whenever it runs, so that its output is. */
const MIDDAY = Date.UTC(2026, 0, 5, 12);

const FAILING: { readonly [what: string]: readonly Verdict[] } = {
  looser: ['looser', 'changed'],
  tighter: ['tighter', 'changed'],
  any: ['looser', 'tighter', 'changed', 'reason only'],
};

export const policyDiff: Command = {
  name: 'policy diff',
  options: { tools: 'text', json: 'flag', 'fail-on': 'text' },
  help: HELP,
  async run(options, world) {
    const [oldFile, newFile] = twoFiles(options);
    const failing = failingVerdicts(options);
    const before = await load(world, oldFile);
    const after = await load(world, newFile);
    const tools = await loadTools(options, world);
    if (before === undefined || after === undefined || tools === 'problem') return NO;
    const diff = diffPolicies({ before, after, tools, at: MIDDAY });
    const text = options.flags.has('json')
      ? JSON.stringify(diffJson(diff), undefined, 2).split('\n').map(visibleJson).join('\n')
      : diffLines(diff, MIDDAY).map(visible).join('\n');
    world.stdout.write(`${text}\n`);
    // What was not looked at may be what is to fail.
    if (diff.coverage === 'partly' && failing.length > 0) return NO;
    return diff.differences.some(({ verdict }) => failing.includes(verdict)) ? NO : GOOD;
  },
};

function twoFiles(options: Options): readonly [string, string] {
  const [before, after, third] = [...options.words, ...(options.rest ?? [])];
  if (before === undefined || before === '') throw new UsageFault('OLD and NEW are missing');
  if (after === undefined || after === '') throw new UsageFault('NEW is missing');
  if (third !== undefined) throw new UsageFault(`OLD and NEW only: ${quoted(third)} is too much`);
  return [before, after];
}

function failingVerdicts(options: Options): readonly Verdict[] {
  const what = options.texts.get('fail-on');
  if (what === undefined) return [];
  const verdicts = Object.hasOwn(FAILING, what) ? FAILING[what] : undefined;
  if (verdicts !== undefined) return verdicts;
  throw new UsageFault(`--fail-on must be one of looser, tighter, any, not ${quoted(what)}`);
}

async function load(world: World, file: string): Promise<Version | undefined> {
  const loaded = await loadPolicyFile(resolve(world.cwd, file));
  if (loaded.kind === 'policy') return { policy: loaded.policy.policy, document: loaded.document };
  tellProblems(world, file, loaded.problems);
  return undefined;
}

async function loadTools(options: Options, world: World): Promise<readonly KnownTool[] | undefined | 'problem'> {
  const file = options.texts.get('tools');
  if (file === undefined) return undefined;
  const loaded = await loadToolsFile(resolve(world.cwd, file));
  if (loaded.kind === 'tools') return loaded.tools;
  tellProblems(world, file, loaded.problems);
  return 'problem';
}
