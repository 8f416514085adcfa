import { below } from '../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf } from '../wire/json.ts';
import type { FileProblem } from './problem.ts';
import { type FileDocument, readDocument } from './read-document.ts';

/** Where in a file a tool stands. */
export interface ToolPlace {
  readonly line: number;
  readonly column: number;
}

interface ServerTools {
  /** As the file names it; undefined where it does not. */
  readonly server: string | undefined;
  /** As the server lists them; what is null where it need not be is left out. */
  readonly tools: readonly { readonly tool: JsonObject; readonly place: ToolPlace }[];
}

export type LoadedServerTools =
  | { readonly kind: 'servers'; readonly servers: readonly ServerTools[] }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

const SHAPE =
  'must be what a server answers to tools/list ({"tools": […]}), an array of tools, or one of {"server": NAME, "tools": […]}';

/** Reads the tools of one server, or of several, each with its name. Other keys are not looked at. Never rejects. */
export async function loadServerTools(file: string): Promise<LoadedServerTools> {
  const read = await readDocument(file);
  if (read.kind === 'problem') return { kind: 'problems', problems: [read.problem] };
  const { document } = read;
  const lists = listsIn(document.value);
  if (lists === undefined) return { kind: 'problems', problems: [document.problem('', SHAPE)] };
  const problems = lists.flatMap((list) => problemsOf(document, list));
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'servers', servers: lists.map((list) => serverTools(document, list)) };
}

interface List {
  readonly server: Json | undefined;
  readonly tools: Json;
  readonly pointer: string;
}

function listsIn(value: Json): readonly List[] | undefined {
  if (isArray(value)) {
    // A tool has no tools of its own.
    const isOfServers = value.some((one) => isObject(one) && one['tools'] !== undefined);
    if (!isOfServers) return [{ server: undefined, tools: value, pointer: '' }];
    return value.map((one, index) => listOf(one, below('', index)));
  }
  if (!isObject(value)) return undefined;
  const inner = isObject(value['result']) ? value['result'] : value;
  if (inner['tools'] === undefined) return undefined;
  return [listOf(inner, inner === value ? '' : '/result')];
}

function listOf(value: Json, pointer: string): List {
  if (!isObject(value)) return { server: undefined, tools: null, pointer };
  return { server: value['server'] ?? undefined, tools: value['tools'] ?? null, pointer: below(pointer, 'tools') };
}

function problemsOf(document: FileDocument, { server, tools, pointer }: List): readonly FileProblem[] {
  if (server !== undefined && (typeof server !== 'string' || server === '')) {
    return [document.problem(pointer, '"server" must be a name')];
  }
  if (!isArray(tools)) return [document.problem(pointer, SHAPE)];
  return tools.flatMap((tool, index) => {
    const name = isObject(tool) ? tool['name'] : undefined;
    return typeof name === 'string' && name !== ''
      ? []
      : [document.problem(below(pointer, index), 'a tool has a "name"')];
  });
}

function serverTools(document: FileDocument, { server, tools, pointer }: List): ServerTools {
  const listed = isArray(tools) ? tools : [];
  return {
    server: typeof server === 'string' ? server : undefined,
    tools: listed.flatMap((tool, index) => {
      if (!isObject(tool)) return [];
      const { line, column } = document.problem(below(pointer, index), '');
      return [{ tool: withoutNulls(tool), place: { line, column } }];
    }),
  };
}

/** Those who gather lists write null for what a server did not say. */
function withoutNulls(tool: JsonObject): JsonObject {
  return objectOf(Object.entries(tool).filter(([, value]) => value !== null));
}
