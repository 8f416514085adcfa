import fc from 'fast-check';
import type { JsonObject } from '../../src/wire/json.ts';
import { conditions } from './arbitrary-condition.ts';
import { strictObject } from './arbitrary-value.ts';
import type { Side } from './naive-value.ts';

export const TOOLS = ['get_a', 'get_b', 'flow_run', 'flow_replay_run', 'x', 'a/b~c'] as const;
/** No two have equally many literal characters, so no two can tie. */
export const PATTERNS = ['*', 'g*', '*un', '*t_a', 'get_*', 'flow_*', '*ow_run'] as const;

/** Each counter keeps one window and one scope, however it is spelled. */
const COUNTERS = [
  { counter: 'calls', windows: ['minute', 60, '60s', '1m'], scopes: ['grant', undefined] },
  { counter: 'bursts', windows: ['second', 1, '1s'], scopes: ['session'] },
  { counter: 'days', windows: ['day', '24h', 86_400], scopes: ['server'] },
  { counter: 'all', windows: ['month', '31d'], scopes: ['global'] },
  { counter: 'weeks', windows: ['week', '7d'], scopes: [undefined] },
] as const;

const optional = { requiredKeys: [] };
const id = fc.constantFrom('first', 'second', 'third', undefined, undefined);

const limit: fc.Arbitrary<object> = fc.constantFrom(...COUNTERS).chain(({ counter, windows, scopes }) =>
  fc.record({
    counter: fc.constant(counter),
    window: fc.constantFrom<string | number>(...windows),
    scope: fc.constantFrom<string | undefined>(...scopes),
    max: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 12, arbitrary: fc.constantFrom(1, 3, 10, 1000) }),
    id,
    reason: fc.constantFrom('slow down', undefined),
  }),
);

const rateLimit: fc.Arbitrary<object> = fc.record({
  max: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 12, arbitrary: fc.constantFrom(1, 10, 100) }),
  window: fc.constantFrom<string | number>('minute', 60, '15m'),
  scope: fc.constantFrom('grant', 'server', undefined),
});

interface Entry {
  readonly conditions: object[];
}

function entry(side: Side): fc.Arbitrary<Entry> {
  return fc.record({
    conditions: fc.array(conditions(side), { minLength: side === 'require' ? 0 : 1, maxLength: 3 }),
    on_deny: fc.constantFrom('not that way', undefined),
    id,
  });
}

const always: fc.Arbitrary<object> = fc.record({ conditions: fc.constant([]), id });
const denial = fc.oneof({ weight: 14, arbitrary: entry('deny_if') }, { weight: 1, arbitrary: always });
/** Requirements that most calls meet, so that what comes after them is heard too. */
const lenient: fc.Arbitrary<object> = entry('require').map((one) => ({
  ...one,
  conditions: [{ any: [...one.conditions, { path: 'tool.name', op: 'exists', value: true }] }],
}));
const demand = fc.oneof({ weight: 2, arbitrary: entry('require') }, { weight: 3, arbitrary: lenient });

const lasting = {
  action: fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom('allow', undefined) },
    { weight: 1, arbitrary: fc.constantFrom('deny', 'hide') },
    { weight: 2, arbitrary: fc.constant('require_approval') },
  ),
  reason: fc.constantFrom('house rules', undefined, undefined),
  require: fc.array(demand, { maxLength: 2 }),
  deny_if: fc.array(denial, { maxLength: 2 }),
  limits: fc.array(limit, { maxLength: 2 }),
};
const rules: fc.Arbitrary<object> = fc.record({ ...lasting, rate_limit: rateLimit }, optional);
/** `all_tools` names no tool, and so gives `rate_limit` no counter of its own. */
const rulesForAll: fc.Arbitrary<object> = fc.record(lasting, optional);

const name = fc.oneof(fc.constantFrom(...TOOLS), fc.constantFrom(...PATTERNS));

/** A document of the language that loads, for the tools of `TOOLS`. */
export const document: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      version: fc.constant('1'),
      default: fc.constantFrom('allow', 'allow', 'deny'),
      description: fc.constant('made at random'),
      list: fc.constantFrom('reachable', 'reachable', 'all'),
      hide: fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(name, { maxLength: 2 }) },
      ),
      all_tools: fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: rulesForAll }),
      tools: fc.dictionary(name, rules, { minKeys: 2, maxKeys: 8 }),
    },
    { requiredKeys: ['version', 'default', 'tools'] },
  )
  .map(strictObject);
