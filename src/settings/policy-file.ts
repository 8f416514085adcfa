import { basename, extname } from 'node:path';
import type { Json } from '../wire/json.ts';
import { compileNamed, type NamedPolicy } from './named-policy.ts';
import type { FileProblem } from './problem.ts';
import { readDocument } from './read-document.ts';

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: NamedPolicy; readonly document: Json }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** Reads and compiles one policy file, named for the file. All its problems at once. Never rejects. */
export async function loadPolicyFile(file: string, kind: 'policy' | 'baseline' = 'policy'): Promise<LoadedPolicy> {
  const read = await readDocument(file);
  if (read.kind === 'problem') return { kind: 'problems', problems: [read.problem] };
  const { document } = read;
  const compiled = await compileNamed(basename(file, extname(file)), document.value, kind);
  if (compiled.kind === 'policy') return { ...compiled, document: document.value };
  return {
    kind: 'problems',
    problems: compiled.problems.map((found) => document.problem(found.pointer, found.message)),
  };
}
