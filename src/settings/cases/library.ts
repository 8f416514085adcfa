import type { Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { type CompiledPolicy, compileNamed } from '../named-policy.ts';
import { type LoadedPolicy, loadPolicyFile } from '../policy-file.ts';
import { type LoadedTools, loadToolsFile } from '../tools-file.ts';

export type PolicyKind = 'policy' | 'baseline';

/** Policies and lists of tools that cases share; each distinct one is read and compiled once. */
export interface Library {
  policyFile(path: string, kind: PolicyKind): Promise<LoadedPolicy>;
  policyText(value: Json, kind: PolicyKind): Promise<CompiledPolicy>;
  toolsFile(path: string): Promise<LoadedTools>;
}

export function openLibrary(): Library {
  const texts = once(([kind, value]: readonly [PolicyKind, Json]) => compileNamed(kind, value, kind));
  const files = once(([kind, path]: readonly [PolicyKind, string]) => loadPolicyFile(path, kind));
  const lists = once(([path]: readonly [string]) => loadToolsFile(path));
  return {
    policyFile: (path, kind) => files([kind, path]),
    policyText: (value, kind) => texts([kind, value]),
    toolsFile: (path) => lists([path]),
  };
}

function once<K extends readonly Json[], T>(make: (key: K) => Promise<T>): (key: K) => Promise<T> {
  const made = new Map<string, Promise<T>>();
  return (key) => {
    const text = canonicalJson(key);
    const known = made.get(text);
    if (known !== undefined) return known;
    const fresh = make(key);
    made.set(text, fresh);
    return fresh;
  };
}
