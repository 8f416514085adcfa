import fc from 'fast-check';
import type { JsonObject } from '../../src/wire/json.ts';
import { conditions } from './arbitrary-condition.ts';
import { aboutArguments, aboutCounts, aboutGrant, aboutTime, aboutTyped, leaf } from './arbitrary-leaf.ts';
import { limit, rateLimit } from './arbitrary-limit.ts';
import { strictObject } from './arbitrary-value.ts';
import type { Side } from './naive-value.ts';

export const TOOLS = ['get_a', 'get_b', 'flow_run', 'flow_replay_run', 'x', 'a/b~c'] as const;
/** No two have equally many literal characters, so no two can tie. */
export const PATTERNS = ['*', 'g*', '*un', '*t_a', 'get_*', 'flow_*', '*ow_run'] as const;
export const URIS = ['file:///a', 'file:///a/b.txt', 'db://rows/1', 'file:///a..b'] as const;
export const DEVIOUS_URIS = [
  'file:///a/../b',
  'file:///a/%2e%2e/b',
  'file:///a%2Fb',
  'file:///a\u0000',
  'db://./x',
] as const;
export const PROMPTS = ['greet', 'sum_up', 'get_a'] as const;

const CLASSES = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'] as const;
const optional = { requiredKeys: [] };
const id = fc.constantFrom('first', 'second', 'third', undefined, undefined);
const mode = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('enforce', undefined) },
  { weight: 1, arbitrary: fc.constant('shadow') },
);

interface Entry {
  readonly conditions: object[];
}

function entry(side: Side, leaves: fc.Arbitrary<object>): fc.Arbitrary<Entry> {
  return fc.record({
    conditions: fc.array(conditions(side, leaves), { minLength: side === 'require' ? 0 : 1, maxLength: 2 }),
    on_deny: fc.constantFrom('not that way', undefined),
    id,
  });
}

const always: fc.Arbitrary<object> = fc.record({ conditions: fc.constant([]), id });

/** Which of its parts a set of rules may hold, by what it speaks for. */
interface Kind {
  leaves(side: Side): fc.Arbitrary<object>;
  /** Requirements that most calls meet, so that what comes after them is heard too. */
  readonly lenient: object;
  readonly own: { readonly [key: string]: fc.Arbitrary<unknown> };
}

const ofTools: Kind = {
  leaves: leaf,
  lenient: { path: 'tool.name', op: 'exists', value: true },
  own: { validate: fc.constantFrom('off', 'schema', 'strict', undefined, undefined) },
};
const others = fc.oneof(
  { weight: 4, arbitrary: aboutArguments },
  { weight: 1, arbitrary: aboutTyped },
  { weight: 1, arbitrary: aboutGrant },
  { weight: 1, arbitrary: aboutTime },
  { weight: 1, arbitrary: aboutCounts },
);
const ofOthers: Kind = {
  leaves: () => others,
  lenient: { path: 'grant.name', op: 'exists', value: true },
  own: {},
};

function rulesOf({ leaves, lenient, own }: Kind): { readonly [key: string]: fc.Arbitrary<unknown> } {
  const denial = fc.oneof(
    { weight: 14, arbitrary: entry('deny_if', leaves('deny_if')) },
    { weight: 1, arbitrary: always },
  );
  const question = fc.oneof(
    { weight: 8, arbitrary: entry('approve_if', leaves('approve_if')) },
    { weight: 1, arbitrary: always },
  );
  const demand = entry('require', leaves('require'));
  const mild = demand.map((one) => ({ ...one, conditions: [{ any: [...one.conditions, lenient] }] }));
  return {
    action: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom('allow', undefined) },
      { weight: 1, arbitrary: fc.constantFrom('deny', 'hide') },
      { weight: 2, arbitrary: fc.constant('require_approval') },
    ),
    reason: fc.constantFrom('house rules', undefined, undefined),
    require: fc.array(fc.oneof({ weight: 2, arbitrary: demand }, { weight: 5, arbitrary: mild }), { maxLength: 2 }),
    deny_if: fc.array(denial, { maxLength: 2 }),
    approve_if: fc.array(question, { maxLength: 2 }),
    limits: fc.array(limit, { maxLength: 2 }),
    mode,
    ...own,
  };
}

const rules: fc.Arbitrary<object> = fc.record({ ...rulesOf(ofTools), rate_limit: rateLimit }, optional);
/** `all_tools` names no tool, and so gives `rate_limit` no counter of its own. */
const rulesForAll: fc.Arbitrary<object> = fc.record(rulesOf(ofTools), optional);
/** Counters of resources and prompts are named, so that no two tables share one by accident. */
const rulesForOthers: fc.Arbitrary<object> = fc.record(rulesOf(ofOthers), optional);

const name = fc.oneof(fc.constantFrom(...TOOLS), fc.constantFrom(...PATTERNS));
const uri = fc.constantFrom(...URIS, 'file:///*', 'db:*', '*');
const prompt = fc.constantFrom(...PROMPTS, 'g*', '*');
const answer = fc.constantFrom('allow', 'deny');

/** A document of the language that loads, for the tools of `TOOLS`. */
export const document: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      version: fc.constant('1'),
      default: fc.constantFrom('allow', 'allow', 'deny'),
      description: fc.constant('made at random'),
      mode: fc.oneof({ weight: 8, arbitrary: fc.constant('enforce') }, { weight: 1, arbitrary: fc.constant('shadow') }),
      list: fc.constantFrom('reachable', 'reachable', 'all'),
      hide: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(name, { maxLength: 2 }) },
      ),
      all_tools: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: rulesForAll }),
      classes: fc.dictionary(fc.constantFrom(...CLASSES), rules, { maxKeys: 2 }),
      tools: fc.dictionary(name, rules, { minKeys: 1, maxKeys: 4 }),
      resources: fc.dictionary(uri, rulesForOthers, { maxKeys: 1 }),
      prompts: fc.dictionary(prompt, rulesForOthers, { maxKeys: 1 }),
      requests: fc.record({ sampling: answer, elicitation: answer, roots: answer }, optional),
      approvals: fc.constant({ timeout: '15m' }),
    },
    { requiredKeys: ['version', 'default', 'tools'] },
  )
  .map(strictObject);
