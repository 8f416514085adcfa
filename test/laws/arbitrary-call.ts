import fc from 'fast-check';
import type { Target } from '../../src/policy/decision.ts';
import type { Call } from '../../src/wire/call.ts';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { DEVIOUS_URIS, PROMPTS, TOOLS, URIS } from './arbitrary-document.ts';
import { args, strictObject } from './arbitrary-value.ts';

export function toolCall(name: string, given: JsonObject): Call {
  return { kind: 'tool', method: 'tools/call', name, args: given, params: strictObject({ name, arguments: given }) };
}

const aboutTools: fc.Arbitrary<Call> = fc
  .tuple(fc.constantFrom(...TOOLS, 'unheard_of'), args)
  .map(([name, given]) => toolCall(name, given));

const aboutResources: fc.Arbitrary<Call> = fc
  .constantFrom(...URIS, ...URIS, 'other:thing', ...DEVIOUS_URIS)
  .map((uri) => resourceCall(uri));

function resourceCall(uri: string): Call {
  return {
    kind: 'resource',
    method: 'resources/read',
    name: uri,
    args: strictObject({ uri }),
    params: strictObject({ uri }),
  };
}

const aboutPrompts: fc.Arbitrary<Call> = fc
  .tuple(fc.constantFrom(...PROMPTS, 'unheard_of'), args)
  .map(([name, given]) => ({
    kind: 'prompt',
    method: 'prompts/get',
    name,
    args: given,
    params: strictObject({ name, arguments: given }),
  }));

const aboutRequests: fc.Arbitrary<Call> = fc
  .constantFrom('sampling/createMessage', 'elicitation/create', 'roots/list')
  .map((name) => ({ kind: 'request', method: name, name, args: strictObject({}), params: strictObject({}) }));

export const call: fc.Arbitrary<Call> = fc.oneof(
  { weight: 16, arbitrary: aboutTools },
  { weight: 2, arbitrary: aboutResources },
  { weight: 2, arbitrary: aboutPrompts },
  { weight: 1, arbitrary: aboutRequests },
);

/** Schemas that look at no more than one argument; what real ones say is not the judge's business. */
const input = fc.constantFrom<(given: Json) => boolean>(
  () => true,
  () => true,
  () => false,
  (given) => typeof (given as JsonObject)['n'] === 'number',
);

const schema = fc.oneof(
  {
    weight: 8,
    arbitrary: input.map((isValid) => ({
      kind: 'schema' as const,
      check: (given: Json, how: 'schema' | 'strict') =>
        isValid(given) && (how === 'schema' || !Object.hasOwn(given as JsonObject, 'b'))
          ? undefined
          : { pointer: '', message: 'is not as described' },
    })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'problem' as const, reason: 'it cannot be compiled' }) },
);

const annotations = fc
  .record(
    { readOnlyHint: fc.boolean(), destructiveHint: fc.boolean(), title: fc.constant('A tool') },
    { requiredKeys: [] },
  )
  .map(strictObject);

const definition = fc.record({ annotations, schema }).map(({ annotations, schema }) => ({
  annotations,
  input: () => schema,
}));

/** What the server says of the called tool, where anything is known of it. */
export const target: fc.Arbitrary<Target> = fc.record({
  class: fc.constantFrom('read', 'write', 'execute', 'destructive', 'financial', 'unknown'),
  definition: fc.oneof({ weight: 4, arbitrary: definition }, { weight: 1, arbitrary: fc.constant(undefined) }),
});
