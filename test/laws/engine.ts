import { compilePolicy } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Decision } from '../../src/policy/decision.ts';
import type { Policies, Policy } from '../../src/policy/policy.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import type { Moment } from './arbitrary.ts';
import type { Documents } from './naive.ts';

/** Compiles both documents; a document that does not load is a fault of the test. */
export function compiled(documents: Documents): Policies {
  return {
    policy: load(documents.policy, 'policy'),
    baseline: documents.baseline && load(documents.baseline, 'baseline'),
  };
}

function load(document: JsonObject, which: 'policy' | 'baseline'): Policy {
  const result = compilePolicy(document, which);
  if (result.kind === 'policy') return result.policy;
  throw new Error(`does not load: ${result.problems.map((one) => `${one.pointer}: ${one.message}`).join('; ')}`);
}

export function decideAt(documents: Documents, moment: Moment): Decision {
  return decide(compiled(documents), moment.subject, moment.call, moment.target, moment.facts);
}
