import { warningsOf } from '../../policy/check/warnings.ts';
import { compilePolicy } from '../../policy/compile.ts';
import type { RiskClass } from '../../policy/decision.ts';
import type { SqlParsers } from '../../policy/sql/parsers.ts';
import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Classification } from '../classification.ts';
import type { Recommendation } from '../recommend.ts';
import { classRules } from './class-rules.ts';
import { trialsOf } from './trials.ts';

interface Named {
  readonly name: string;
  readonly tool: JsonObject;
  readonly class: RiskClass;
}

/** The tools of which an entry does not compile, or seems odd to the checker, each with the first thing that was said of it. */
export function faultyTools(
  document: JsonObject,
  tools: readonly Named[],
  parsers: SqlParsers,
): ReadonlyMap<string, string> {
  const compiled = compilePolicy(document, 'policy', parsers);
  const found = compiled.kind === 'problems' ? compiled.problems : oddIn(document, compiled.policy, tools);
  const faulty = new Map<string, string>();
  for (const { pointer, message } of found) {
    const [, table, key] = pointer.split('/');
    const name = key?.replaceAll('~1', '/').replaceAll('~0', '~');
    if (table === 'tools' && name !== undefined && !faulty.has(name)) faulty.set(name, message);
  }
  return faulty;
}

/** Without the tools, as most will ask the checker, and with them. */
function oddIn(
  document: JsonObject,
  policy: Parameters<typeof warningsOf>[1],
  tools: readonly Named[],
): ReturnType<typeof warningsOf> {
  const known = tools.map(({ name, tool, class: riskClass }) => {
    const { inputSchema, annotations } = tool;
    return { name, class: riskClass, inputSchema, annotations: isObject(annotations) ? annotations : objectOf([]) };
  });
  return [...warningsOf(document, policy, undefined), ...warningsOf(document, policy, known)];
}

interface Judged {
  readonly tool: JsonObject;
  readonly classification: Classification;
}

/** What the class alone calls for. */
export function bare({ tool, classification }: Judged): Recommendation {
  const name = String(tool['name']);
  const { action, reason, limit, notes } = classRules(name, classification.class, 'acts');
  if (action !== undefined) return asked({ tool });
  const rules = objectOf([
    ...(reason === undefined ? [] : [['reason', reason] as const]),
    ...(limit === undefined ? [] : [['limits', [limit]] as const]),
  ]);
  return { rules, notes, trials: plainTrials(tool, rules) };
}

/** A person is asked, whatever it is. */
export function asked({ tool }: { readonly tool: JsonObject }): Recommendation {
  const rules = objectOf([['action', 'require_approval']]);
  return { rules, notes: ['A person is asked.'], trials: plainTrials(tool, rules) };
}

function plainTrials(tool: JsonObject, rules: JsonObject): Recommendation['trials'] {
  return trialsOf({ tool, rules, argumentRules: [], schema: { kind: 'problem', reason: 'it is not looked at' } });
}
