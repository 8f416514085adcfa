import { resolve } from 'node:path';
import { decide } from '../policy/decide.ts';
import type { Decision, RiskClass } from '../policy/decision.ts';
import { didYouMean } from '../policy/nearest.ts';
import { quoted } from '../policy/problem.ts';
import { readIsoTime } from '../settings/iso-time.ts';
import { loadPolicyFile } from '../settings/policy-file.ts';
import { RISK_CLASSES } from '../settings/risk-classes.ts';
import { visibleJson } from '../settings/visible.ts';
import { isObject, type JsonObject, objectOf } from '../wire/json.ts';
import { readJson, STRICT } from '../wire/read-json.ts';
import type { Command } from './command.ts';
import { GOOD, NO } from './exit-code.ts';
import { onlyWord } from './operands.ts';
import { type Options, UsageFault } from './options.ts';
import { tellProblems } from './tell.ts';
import { EXPLAIN_HELP } from './usage.ts';

export const policyExplain: Command = {
  name: 'policy explain',
  options: { tool: 'text', args: 'text', class: 'text', at: 'text', grant: 'text', owner: 'text' },
  help: EXPLAIN_HELP,
  async run(options, world) {
    const file = onlyWord(options, 'FILE');
    const question = readQuestion(options, world.now());
    const loaded = await loadPolicyFile(resolve(world.cwd, file));
    if (loaded.kind === 'problems') {
      tellProblems(world, file, loaded.problems);
      return NO;
    }
    const decision = decide(
      { policy: loaded.policy.policy, baseline: undefined },
      {
        grant: { name: question.grant, owner: question.owner, labels: {} },
        server: 'local',
        session: 'local',
        client: { name: undefined, version: undefined },
      },
      {
        kind: 'tool',
        method: 'tools/call',
        name: question.tool,
        args: question.args,
        params: objectOf([
          ['name', question.tool],
          ['arguments', question.args],
        ]),
      },
      { class: question.riskClass },
      { at: question.at },
    );
    world.stdout.write(`${explained(decision)}\n`);
    return decision.effect === 'allow' ? GOOD : NO;
  },
};

interface Question {
  readonly tool: string;
  readonly args: JsonObject;
  readonly riskClass: RiskClass;
  readonly at: number;
  readonly grant: string;
  readonly owner: string;
}

function readQuestion(options: Options, now: number): Question {
  const { texts } = options;
  const tool = texts.get('tool');
  if (tool === undefined) throw new UsageFault('--tool NAME is missing');
  return {
    tool,
    args: readArguments(texts.get('args') ?? '{}'),
    riskClass: readClass(texts.get('class') ?? 'unknown'),
    at: readTime(texts.get('at'), now),
    grant: texts.get('grant') ?? 'local',
    owner: texts.get('owner') ?? 'local',
  };
}

function readArguments(text: string): JsonObject {
  const read = readJson(text, STRICT);
  if (read.kind === 'fault') throw new UsageFault(`--args is not JSON: ${read.reason}, at character ${read.at + 1}`);
  if (!isObject(read.value)) throw new UsageFault('--args must be a JSON object, such as {"path":"/tmp"}');
  return read.value;
}

function readClass(text: string): RiskClass {
  const known = RISK_CLASSES.find((word) => word === text);
  if (known !== undefined) return known;
  throw new UsageFault(
    `--class must be one of ${RISK_CLASSES.join(', ')}, not ${quoted(text)}${didYouMean(text, RISK_CLASSES)}`,
  );
}

function readTime(text: string | undefined, now: number): number {
  const at = text === undefined ? now : readIsoTime(text);
  if (at !== undefined) return at;
  throw new UsageFault('--at must be a day (2027-01-01) or a time with its zone (2027-01-01T08:00:00Z)');
}

function explained(decision: Decision): string {
  const { effect, rule, reason, reservations } = decision;
  const answer = {
    effect,
    rule: rule.pointer,
    ...(rule.id === undefined ? {} : { id: rule.id }),
    reason,
    reservations: reservations.map(({ counter, window, max, scope, add }) => ({ counter, window, max, scope, add })),
  };
  return JSON.stringify(answer, undefined, 2).split('\n').map(visibleJson).join('\n');
}
