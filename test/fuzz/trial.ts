import type { RiskClass, Subject } from '../../src/policy/decision.ts';
import type { InputSchema } from '../../src/policy/json-schema/compile-schema.ts';
import { compileSchema } from '../../src/policy/json-schema/compile-schema.ts';
import type { Call, CallKind } from '../../src/wire/call.ts';
import { type Json, type JsonObject, objectOf } from '../../src/wire/json.ts';
import type { Moment } from '../laws/arbitrary.ts';

/** What is tried once: documents with calls, or a text of a file. Nothing but JSON, so that it can be kept. */
export type Trial =
  | {
      readonly kind: 'documents';
      readonly policy: Json;
      /** Null where there is none. */
      readonly baseline: Json;
      readonly asked: readonly Asked[];
    }
  | { readonly kind: 'text'; readonly syntax: 'json' | 'yaml'; readonly text: string };

/** One call with all that is known when it is judged. */
export interface Asked {
  readonly subject: JsonObject;
  readonly kind: CallKind;
  readonly name: string;
  readonly args: JsonObject;
  readonly class: RiskClass;
  /** What the server says of the tool; null where nothing is known. */
  readonly tool: { readonly annotations: JsonObject; readonly inputSchema: Json } | null;
  readonly at: number;
  readonly counts: readonly (number | null)[];
}

const METHODS: { readonly [kind in CallKind]: string } = {
  tool: 'tools/call',
  resource: 'resources/read',
  prompt: 'prompts/get',
  request: 'sampling/createMessage',
};

/** The moment as the judge wants it. */
export function momentOf(asked: Asked): Moment {
  const { kind, name, args, tool } = asked;
  const params =
    kind === 'resource'
      ? args
      : objectOf([
          ['name', name],
          ['arguments', args],
        ]);
  const call: Call = { kind, method: kind === 'request' ? name : METHODS[kind], name, args, params };
  const client = asked.subject['client'] as JsonObject;
  return {
    subject: {
      ...(asked.subject as unknown as Subject),
      client: { name: client['name'] as string | undefined, version: client['version'] as string | undefined },
    },
    call,
    target: { class: asked.class, definition: tool === null ? undefined : definitionOf(tool) },
    facts: { at: asked.at },
    counts: asked.counts.map((count) => count ?? undefined),
  };
}

/** The moment as it can be kept; what the server says of the tool's arguments is another matter. */
export function askedOf({ subject, call, target, facts, counts }: Moment, inputSchema: Json): Asked {
  const { name, version } = subject.client;
  const client = objectOf([
    ...(name === undefined ? [] : [['name', name] as const]),
    ...(version === undefined ? [] : [['version', version] as const]),
  ]);
  const { definition } = target;
  return {
    subject: { ...subject, client } as unknown as JsonObject,
    kind: call.kind,
    name: call.name,
    args: call.args,
    class: target.class,
    tool: definition === undefined ? null : { annotations: definition.annotations, inputSchema },
    at: facts.at,
    counts: counts.map((count) => count ?? null),
  };
}

function definitionOf({ annotations, inputSchema }: NonNullable<Asked['tool']>): {
  readonly annotations: JsonObject;
  input(): InputSchema;
} {
  let compiled: InputSchema | undefined;
  return {
    annotations,
    input() {
      compiled ??= compileSchema(inputSchema);
      return compiled;
    },
  };
}
