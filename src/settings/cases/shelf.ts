import type { Json } from '../../wire/json.ts';
import type { PolicyVersion } from '../named-policy.ts';
import type { FileProblem } from '../problem.ts';
import type { FileDocument } from '../read-document.ts';
import type { Item, Reading } from '../reading.ts';
import type { Library, PolicyKind } from './library.ts';
import { listedTools, type Tools } from './listed-tools.ts';

type Taken<T> =
  | { readonly kind: 'taken'; readonly value: T }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** What one file of cases names or holds: policies and lists of tools. */
export interface Shelf {
  policy(item: Item, kind: PolicyKind): Promise<Taken<PolicyVersion>>;
  tools(item: Item): Promise<Taken<Tools>>;
}

/** `pathOf` turns a path as the file writes it into one that can be opened. */
export function shelfOf(library: Library, document: FileDocument, pathOf: (path: string) => string): Shelf {
  const policies = {
    policy: new Map<Json, Promise<Taken<PolicyVersion>>>(),
    baseline: new Map<Json, Promise<Taken<PolicyVersion>>>(),
  };
  const lists = new Map<Json, Promise<Taken<Tools>>>();
  return {
    policy: (item, kind) => keptIn(policies[kind], item.value, () => takePolicy(item, kind)),
    tools: (item) => keptIn(lists, item.value, () => takeTools(item)),
  };

  async function takePolicy({ value, pointer }: Item, kind: PolicyKind): Promise<Taken<PolicyVersion>> {
    if (typeof value === 'string') {
      const loaded = await library.policyFile(pathOf(value), kind);
      if (loaded.kind === 'policy') return { kind: 'taken', value: loaded.policy };
      return broken(loaded.problems.map((one) => placed(one, pointer)));
    }
    const compiled = await library.policyText(value, kind);
    if (compiled.kind === 'policy') return { kind: 'taken', value: compiled.policy };
    return broken(compiled.problems.map((one) => document.problem(pointer + one.pointer, one.message)));
  }

  async function takeTools(item: Item): Promise<Taken<Tools>> {
    if (typeof item.value === 'string') {
      const loaded = await library.toolsFile(pathOf(item.value));
      if (loaded.kind === 'problems') return broken(loaded.problems.map((one) => placed(one, item.pointer)));
      return { kind: 'taken', value: new Map(loaded.tools.map((tool) => [tool.name, tool.definition])) };
    }
    const reading: Reading = { env: {}, found: [] };
    const value = listedTools(reading, item);
    if (reading.found.length === 0) return { kind: 'taken', value };
    return broken(reading.found.map((one) => document.problem(one.pointer, one.message)));
  }

  /** A file that is not there is the fault of the place that names it. */
  function placed(problem: FileProblem, pointer: string): FileProblem {
    if (problem.line > 0) return problem;
    return document.problem(pointer, `${problem.file}: ${problem.message}`);
  }
}

function broken<T>(problems: readonly FileProblem[]): Taken<T> {
  return { kind: 'problems', problems };
}

/** By identity: what a file says once, or repeats by an alias, is looked at once. */
function keptIn<T>(kept: Map<Json, Promise<T>>, value: Json, make: () => Promise<T>): Promise<T> {
  const known = kept.get(value) ?? make();
  kept.set(value, known);
  return known;
}
