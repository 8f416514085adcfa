import {
  preparsePolicySet,
  type StatefulAuthorizationCall,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs';
import { Environment } from '@marcbachmann/cel-js';
import { compilePolicy } from '../src/policy/compile.ts';
import { decide } from '../src/policy/decide.ts';
import type { Subject, Target } from '../src/policy/decision.ts';
import type { Policy } from '../src/policy/policy.ts';
import type { Json } from '../src/wire/json.ts';
import { TOOLS, toolName } from './call.ts';
import type { Question } from './policy-calls.ts';
import { cedarPolicy, celExpression, toolgateDocument } from './policy-rules.ts';

/** Answers questions; what it needs for one is prepared before the clock runs. */
export interface Engine {
  readonly name: string;
  prepare(question: Question): () => boolean;
}

export const SUBJECT: Subject = {
  grant: { name: 'bench', owner: 'bench', labels: {} },
  server: 'bench',
  session: 'bench',
  client: { name: undefined, version: undefined },
};
export const TARGET: Target = { class: 'unknown', definition: undefined };

export function compiled(document: unknown): Policy {
  const made = compilePolicy(asJson(document), 'policy');
  if (made.kind === 'policy') return made.policy;
  throw new Error(`the bench's policy does not compile: ${JSON.stringify(made.problems.slice(0, 3))}`);
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

export function toolgate(): Engine {
  const policies = { policy: compiled(toolgateDocument(TOOLS)), baseline: undefined };
  return {
    name: 'Toolgate',
    prepare:
      ({ call, facts }) =>
      () =>
        decide(policies, SUBJECT, call, TARGET, facts).effect === 'allow',
  };
}

/** `one set`: Cedar finds the tool's policy itself. `a set for each tool`: the caller does, and Cedar sees only that one. */
export function cedar(how: 'one set' | 'a set for each tool'): Engine {
  const numbers = Array.from({ length: TOOLS }, (_, n) => n);
  if (how === 'one set') preparse(how, numbers.map(cedarPolicy).join('\n'));
  else for (const n of numbers) preparse(toolName(n), cedarPolicy(n));
  preparse('tool_none', '');
  const setOf = (tool: string): string => (how === 'one set' ? how : tool);
  return {
    name: `Cedar, ${how}`,
    prepare: ({ tool, args, hour }) => {
      const call: StatefulAuthorizationCall = {
        principal: { type: 'Grant', id: 'bench' },
        action: { type: 'Action', id: tool },
        resource: { type: 'Server', id: 'bench' },
        context: { args, hour },
        preparsedPolicySetId: setOf(tool),
        entities: [],
      };
      return () => {
        const answer = statefulIsAuthorized(call);
        if (answer.type === 'failure') throw new Error(`Cedar cannot judge: ${JSON.stringify(answer.errors)}`);
        return answer.response.decision === 'allow';
      };
    },
  };
}

function preparse(id: string, staticPolicies: string): void {
  const answer = preparsePolicySet(id, { staticPolicies, templates: {}, templateLinks: [] });
  if (answer.type === 'failure') throw new Error(`the Cedar policy is not read: ${JSON.stringify(answer.errors)}`);
}

/** An expression for each tool, found by its name. An error refuses. */
export function cel(): Engine {
  const environment = new Environment().registerVariable('args', 'map').registerVariable('hour', 'double');
  const programs = new Map(
    Array.from({ length: TOOLS }, (_, n) => [toolName(n), environment.parse(celExpression(n))] as const),
  );
  return {
    name: 'CEL, a program for each tool',
    prepare: ({ tool, args, hour }) => {
      const bindings = { args, hour };
      return () => {
        try {
          return programs.get(tool)?.(bindings) === true;
        } catch {
          return false;
        }
      };
    },
  };
}
