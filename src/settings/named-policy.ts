import { createHash } from 'node:crypto';
import { compilePolicy } from '../policy/compile.ts';
import type { Policy } from '../policy/policy.ts';
import type { Problem } from '../policy/problem.ts';
import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import { sqlParsersFor } from './sql-parsers.ts';

/** One version of a policy, under a name. */
export interface PolicyVersion {
  readonly name: string;
  readonly policy: Policy;
  /** As it was read. */
  readonly document: Json;
  /** SHA-256 of the canonical document, lower-case hex. */
  readonly digest: string;
}

/** A policy in force: under which name, which version of it, and where it stands. */
export interface NamedPolicy extends PolicyVersion {
  readonly source: PolicySource;
}

/** Where a policy stands. */
export interface PolicySource {
  /** Absolute. */
  readonly file: string;
  /** JSON Pointer into the file; empty when the file is the policy. */
  readonly pointer: string;
}

export type CompiledPolicy =
  | { readonly kind: 'policy'; readonly policy: PolicyVersion }
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
  return { kind: 'policy', policy: { name, policy: compiled.policy, document: value, digest } };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
