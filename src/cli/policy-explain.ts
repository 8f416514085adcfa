import { resolve } from 'node:path';
import { refusalAtFirst } from '../gateway/refusal-at-first.ts';
import { countsAsked } from '../policy/counts-asked.ts';
import type { Definition, Target } from '../policy/decision.ts';
import { type Explanation, explain } from '../policy/explain.ts';
import { countedTool } from '../policy/look.ts';
import type { Policies, Policy } from '../policy/policy.ts';
import { quoted } from '../policy/problem.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { loadToolsFile } from '../settings/tools-file.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { explanationJson } from './explain-json.ts';
import { QUESTION_OPTIONS, type Question, readQuestion } from './explain-question.ts';
import { explanationLines } from './explain-text.ts';
import { onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';
import { EXPLAIN_HELP } from './usage.ts';
import type { World } from './world.ts';

export const policyExplain: Command = {
  name: 'policy explain',
  options: { ...QUESTION_OPTIONS, baseline: 'text', tools: 'text', json: 'flag' },
  help: EXPLAIN_HELP,
  async run(options, world) {
    const file = onlyWord(options, 'FILE');
    const question = readQuestion(options, world.now());
    const policies = await loadPolicies(options, world, file);
    const definition = await definitionOf(options, world, question);
    if (policies === undefined || definition === 'problem') return NO;
    const { subject, call, riskClass, at } = question;
    const target: Target = { class: riskClass, definition };
    const calls = countsFor(policies, question, target);
    const explained = explain(policies, subject, call, target, { at, calls });
    const refusal = refusalAtFirst(explained.decision, at);
    const text = options.flags.has('json')
      ? JSON.stringify(explanationJson(explained, refusal), undefined, 2).split('\n').map(visibleJson).join('\n')
      : [...explanationLines(explained, refusal), ...hintLines(explained, target)].map(visible).join('\n');
    world.stdout.write(`${text}\n`);
    return refusal === undefined && explained.decision.effect === 'allow' ? GOOD : NO;
  },
};

/** The gateway asks the server for what a file tells here. */
function hintLines({ rules, kind }: Explanation, { definition }: Target): readonly string[] {
  const isMissed = rules.some(({ stage, says }) => stage === 'validate' && says === 'refuses');
  if (!isMissed || definition !== undefined || kind !== 'tool') return [];
  return [
    '',
    'The schema of the tool is not known here: give --tools FILE with what its server answers to tools/list.',
  ];
}

async function loadPolicies(options: Options, world: World, file: string): Promise<Policies | undefined> {
  const baselineFile = options.texts.get('baseline');
  const policy = await load(world, file, 'policy');
  const baseline = baselineFile === undefined ? undefined : await load(world, baselineFile, 'baseline');
  if (policy === undefined || (baselineFile !== undefined && baseline === undefined)) return undefined;
  return { policy, baseline };
}

async function load(world: World, file: string, document: 'policy' | 'baseline'): Promise<Policy | undefined> {
  const loaded = await loadPolicyFile(resolve(world.cwd, file), document);
  if (loaded.kind === 'policy') return loaded.policy.policy;
  tellProblems(world, file, loaded.problems);
  return undefined;
}

/** What the server says of the tool, where a file tells it. */
async function definitionOf(
  options: Options,
  world: World,
  { call }: Question,
): Promise<Definition | undefined | 'problem'> {
  const file = options.texts.get('tools');
  if (file === undefined || call.kind !== 'tool') return undefined;
  const loaded = await loadToolsFile(resolve(world.cwd, file));
  if (loaded.kind === 'problems') {
    tellProblems(world, file, loaded.problems);
    return 'problem';
  }
  const tool = loaded.tools.find(({ name }) => name === call.name);
  if (tool === undefined) throw new UsageFault(`--tools ${file} holds no tool ${quoted(call.name)}`);
  return tool.definition;
}

/** The counts that the rules ask for, from `--calls`; without it no call was let through before. */
function countsFor(
  policies: Policies,
  { subject, call, calls }: Question,
  target: Target,
): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const { key } of countsAsked(policies, subject, call, target)) known.set(key, calls.get(countedTool(key)) ?? 0);
  return known;
}
