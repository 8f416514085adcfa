import { basename, extname, resolve } from 'node:path';
import type { Json } from '../wire/json.ts';
import { compileNamed, type NamedPolicy } from './named-policy.ts';
import type { FileProblem } from './problem.ts';
import { besideNumbers, readableIn, readDocument } from './read-document.ts';

export type LoadedPolicy =
  | { readonly kind: 'policy'; readonly policy: NamedPolicy; readonly document: Json }
  | { readonly kind: 'problems'; readonly problems: readonly FileProblem[] };

/** Reads and compiles one policy file, named for the file. All its problems at once. Never rejects. */
export async function loadPolicyFile(file: string, kind: 'policy' | 'baseline' = 'policy'): Promise<LoadedPolicy> {
  const { document, problems } = readableIn(await readDocument(file));
  if (document === undefined) return { kind: 'problems', problems };
  const compiled = await compileNamed(basename(file, extname(file)), document.value, kind);
  if (compiled.kind === 'policy' && problems.length === 0) {
    const policy = { ...compiled.policy, source: { file: resolve(file), pointer: '' } };
    return { kind: 'policy', policy, document: document.value };
  }
  const found = compiled.kind === 'policy' ? [] : compiled.problems;
  const placed = found.map(({ pointer, message }) => document.problem(pointer, message));
  return { kind: 'problems', problems: besideNumbers(problems, placed) };
}
