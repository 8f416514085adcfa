import type { Definition } from '../policy/decision.ts';
import { compileSchema, type InputSchema } from '../policy/json-schema/compile-schema.ts';
import { bareObject, isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { type HeaderParams, headerParamsOf } from '../wire/modern/param-headers.ts';
import { ownText } from '../wire/own-text.ts';
import type { ShownTool } from './pins/shown-tools.ts';

const MAX_NAME_LENGTH = 1_024;
const TWICE: InputSchema = { kind: 'problem', reason: 'the server lists the tool twice' };

/** A tool as the server lists it: what the judge may look at, and what the transport needs. */
export interface KnownTool extends Definition {
  /** Its definition as it is compared with the accepted one; undefined where it was not yet. */
  readonly shown: ShownTool | undefined;
  /** Arguments that are repeated in headers, where the server speaks the modern era over HTTP. */
  headers(): HeaderParams;
}

/** Adds the tools of a `tools/list` answer; a name that is longer than can be called is left out. `shown`: the same tools, compared with the pins. */
export function addDefinitions(
  known: Map<string, KnownTool>,
  tools: Json | undefined,
  shown: readonly ShownTool[] = [],
): void {
  if (!isArray(tools)) return;
  for (const [index, tool] of tools.entries()) {
    const name = isObject(tool) ? tool['name'] : undefined;
    if (!isObject(tool) || typeof name !== 'string' || name.length > MAX_NAME_LENGTH) continue;
    const before = known.get(name);
    known.set(
      ownText(name),
      before === undefined ? definitionOf(tool, shown[index]) : { ...before, input: () => TWICE },
    );
  }
}

/** What a tool's definition says of it. The schema is compiled once, when it is first needed. */
export function definitionOf(tool: JsonObject, shown?: ShownTool): KnownTool {
  const annotations = tool['annotations'];
  let compiled: InputSchema | undefined;
  let headers: HeaderParams | undefined;
  return {
    shown,
    annotations: isObject(annotations) ? annotations : bareObject(),
    input() {
      compiled ??= compileSchema(tool['inputSchema']);
      return compiled;
    },
    headers() {
      headers ??= headerParamsOf(tool['inputSchema']);
      return headers;
    },
  };
}
