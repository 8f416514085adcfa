import { memoryCounters } from '../../policy/count/memory-counters.ts';
import { decide } from '../../policy/decide.ts';
import type { Decision, RiskClass, Subject, Target } from '../../policy/decision.ts';
import { compileSchema, type InputSchema } from '../../policy/json-schema/compile-schema.ts';
import type { Policy } from '../../policy/policy.ts';
import { isObject, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Trial, Wanted } from './trials.ts';

export interface Judged {
  readonly policy: Policy;
  readonly tool: JsonObject;
  readonly class: RiskClass;
}

const ANYBODY: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'server',
  session: 's-1',
  client: { name: undefined, version: undefined },
};
const NO_CALLS: ReadonlyMap<string, number> = new Map();

/** Whether a call comes out as it says, limits included. */
export function comesOut(trial: Trial, { policy, tool, class: riskClass }: Judged): boolean {
  const target: Target = { class: riskClass, definition: { annotations: annotationsOf(tool), input: inputOf(tool) } };
  const counters = memoryCounters();
  const call = {
    kind: 'tool',
    method: 'tools/call',
    name: trial.tool,
    args: trial.args,
    params: objectOf([]),
  } as const;
  const policies = { policy, baseline: undefined };
  const say = (): Answer => {
    const decision = decide(policies, ANYBODY, call, target, { at: 0, calls: NO_CALLS });
    if (decision.effect !== 'allow') return decision;
    const { verdict } = counters.commit({ tick: 0, at: 0 }, [], () => ({
      reservations: decision.reservations,
      mode: 'take',
      tallies: [],
      shadow: [],
    }));
    if (verdict.kind !== 'exceeded') return decision;
    return { effect: 'deny', hidden: false, rule: verdict.reservation.rule };
  };
  for (let time = 0; time < trial.earlier; time++) if (say().effect !== 'allow') return false;
  return isAsWanted(say(), trial.want);
}

type Answer = Pick<Decision, 'effect' | 'hidden' | 'rule'>;

function isAsWanted({ effect, hidden, rule }: Answer, want: Wanted): boolean {
  if (effect !== want.effect || (want.hidden === true && !hidden)) return false;
  if (want.rule !== undefined && want.rule !== rule.pointer) return false;
  return want.id === undefined || want.id === rule.id;
}

function annotationsOf(tool: JsonObject): JsonObject {
  const annotations = tool['annotations'];
  return isObject(annotations) ? annotations : objectOf([]);
}

function inputOf(tool: JsonObject): () => InputSchema {
  let compiled: InputSchema | undefined;
  return () => {
    compiled ??= compileSchema(tool['inputSchema']);
    return compiled;
  };
}
