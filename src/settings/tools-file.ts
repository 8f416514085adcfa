import { definitionOf } from '../gateway/definitions.ts';
import type { Definition } from '../policy/decision.ts';
import { below } from '../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import type { FileProblem } from './problem.ts';
import { type FileDocument, readDocument } from './read-document.ts';

/** A tool as its server lists it. */
export interface ListedTool {
  readonly name: string;
  readonly description: string | undefined;
  /** As the server gave it; undefined where it gave none. */
  readonly inputSchema: Json | undefined;
  readonly annotations: JsonObject;
  readonly definition: Definition;
  /** All of it. */
  readonly listed: JsonObject;
}

export type LoadedTools =
  | { readonly kind: 'tools'; readonly tools: readonly ListedTool[] }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** Reads a file that holds what a server answers to `tools/list`: `{"tools": […]}`, or the array alone. Never rejects. */
export async function loadToolsFile(file: string): Promise<LoadedTools> {
  const read = await readDocument(file);
  if (read.kind === 'problem') return { kind: 'problems', problems: [read.problem] };
  const { document } = read;
  const [list, pointer] = listIn(document.value);
  if (list === undefined) {
    const message = 'must be what a server answers to tools/list: {"tools": […]}, or the array alone';
    return { kind: 'problems', problems: [document.problem(pointer, message)] };
  }
  const problems = problemsOf(document, list, pointer);
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'tools', tools: toolsOf(list) };
}

/** The tools of a list that names each; what has no name is left out. */
export function toolsOf(list: readonly Json[]): readonly ListedTool[] {
  return list.flatMap((tool) => {
    if (!isObject(tool) || typeof tool['name'] !== 'string') return [];
    const { name, description } = tool;
    const definition = definitionOf(tool);
    return [
      {
        name,
        description: typeof description === 'string' ? description : undefined,
        inputSchema: tool['inputSchema'],
        annotations: definition.annotations,
        definition,
        listed: tool,
      },
    ];
  });
}

function listIn(value: Json): readonly [readonly Json[] | undefined, string] {
  if (isArray(value)) return [value, ''];
  const inner = isObject(value) && isObject(value['result']) ? value['result'] : value;
  const at = inner === value ? '' : '/result';
  if (!isObject(inner) || !isArray(inner['tools'])) return [undefined, at];
  return [inner['tools'], below(at, 'tools')];
}

function problemsOf(document: FileDocument, list: readonly Json[], pointer: string): readonly FileProblem[] {
  const names = new Set<string>();
  return list.flatMap((tool, index) => {
    const place = below(pointer, index);
    const name = isObject(tool) ? tool['name'] : undefined;
    if (typeof name !== 'string' || name === '') return [document.problem(place, 'a tool has a "name"')];
    if (names.has(name)) return [document.problem(place, `the tool ${JSON.stringify(name)} is listed twice`)];
    names.add(name);
    return [];
  });
}
