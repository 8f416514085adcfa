import { CONDITION, ENTRY, LIMIT, RATE, RULES_OF_OTHERS, RULES_SHAPE } from './rule-vocabulary.ts';
import { type Shape, schemaOf } from './shape.ts';
import { APPROVALS, APPROVERS, DOCUMENT, REDACTION, REQUESTS, RESULTS } from './vocabulary.ts';

/** What both schemas begin with: the dialect that editors know best, where 2020-12 is known in part only. */
export const DIALECT = 'http://json-schema.org/draft-07/schema#';

const KINDS: { readonly [name: string]: Shape } = {
  rules: RULES_SHAPE,
  rulesOfOthers: RULES_OF_OTHERS,
  entry: ENTRY,
  condition: CONDITION,
  limit: LIMIT,
  rate: RATE,
  requests: REQUESTS,
  results: RESULTS,
  redaction: REDACTION,
  approvals: APPROVALS,
  approvers: APPROVERS,
};

/** The kinds of objects within a policy, as definitions of a JSON Schema. */
export function policyDefinitions(): object {
  return Object.fromEntries(Object.entries(KINDS).map(([name, shape]) => [name, schemaOf(shape)]));
}

/** The JSON Schema (draft-07) of a policy document, for editors. What compiles satisfies it; not all that satisfies it compiles. */
export function policySchema(): object {
  return {
    $schema: DIALECT,
    $id: 'urn:toolgate:schema:policy:1',
    title: 'Toolgate policy',
    description: DOCUMENT.says,
    ...schemaOf(DOCUMENT),
    definitions: policyDefinitions(),
  };
}
