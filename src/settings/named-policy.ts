import { createHash } from 'node:crypto';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import type { Problem } from '../policy/problem.ts';
import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { sqlParsersFor } from './sql-parsers.ts';

/** A policy in force: under which name, and which version of it. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
  /** SHA-256 of the canonical document, lower-case hex. */
  readonly digest: string;
}

export type CompiledPolicy =
  | { readonly kind: 'policy'; readonly policy: NamedPolicy }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Compiles a document under a name, with the SQL parsers that it needs. Never rejects. */
export async function compileNamed(
  name: string,
  value: Json,
  document: 'policy' | 'baseline',
): Promise<CompiledPolicy> {
  const compiled = compilePolicy(value, document, await sqlParsersFor(value));
  if (compiled.kind === 'problems') return compiled;
  const digest = sha256(canonicalJson(value));
  return { kind: 'policy', policy: { name, policy: compiled.policy, digest } };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
