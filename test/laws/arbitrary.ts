import fc from 'fast-check';
import type { Facts, RiskClass, Subject, Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { document, TOOLS } from './arbitrary-document.ts';
import { args, strictObject } from './arbitrary-value.ts';
import type { Documents } from './naive.ts';

/** One call, with all that is known when it is judged. */
export interface Moment {
  readonly subject: Subject;
  readonly call: Call;
  readonly target: Target;
  readonly facts: Facts;
}

export function toolCall(name: string, given: JsonObject): Call {
  return { kind: 'tool', method: 'tools/call', name, args: given, params: strictObject({ name, arguments: given }) };
}

const otherCall: fc.Arbitrary<Call> = fc.constantFrom(
  {
    kind: 'resource',
    method: 'resources/read',
    name: 'file:///a',
    args: strictObject({ uri: 'file:///a' }),
    params: strictObject({}),
  },
  { kind: 'prompt', method: 'prompts/get', name: 'get_a', args: strictObject({}), params: strictObject({}) },
  {
    kind: 'request',
    method: 'sampling/createMessage',
    name: 'sampling',
    args: strictObject({}),
    params: strictObject({}),
  },
);

const call: fc.Arbitrary<Call> = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.tuple(fc.constantFrom(...TOOLS, 'unheard_of'), args).map(([name, given]) => toolCall(name, given)),
  },
  { weight: 1, arbitrary: otherCall },
);

const subject: fc.Arbitrary<Subject> = fc.record({
  grant: fc.record({
    name: fc.constantFrom('laptop', 'al'),
    owner: fc.constantFrom('alice', 'bob'),
    labels: fc.record({ env: fc.constantFrom('dev', 'prod'), team: fc.constant('al') }, { requiredKeys: [] }),
  }),
  server: fc.constantFrom('flows', 'files'),
  session: fc.constantFrom('s-1', 's-2'),
  client: fc.record({
    name: fc.constantFrom('cursor', 'other', undefined),
    version: fc.constantFrom('1.0', undefined),
  }),
});

const riskClass = fc.constantFrom<RiskClass[]>('read', 'write', 'execute', 'destructive', 'financial', 'unknown');

const target: fc.Arbitrary<Target> = fc.record({ class: riskClass });

/** Instants around the turns of days, years and summer time. */
const facts: fc.Arbitrary<Facts> = fc.record({
  at: fc.oneof(
    fc.integer({ min: Date.UTC(2026, 2, 28), max: Date.UTC(2026, 2, 30) }),
    fc.integer({ min: Date.UTC(2026, 11, 31), max: Date.UTC(2027, 0, 2) }),
  ),
});

export const moment: fc.Arbitrary<Moment> = fc.record({ subject, call, target, facts });

/** A policy, with a baseline in half of the cases. */
export const documents: fc.Arbitrary<Documents> = fc.record({
  policy: document,
  baseline: fc.option(document, { nil: undefined }),
});
