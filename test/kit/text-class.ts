import type { KeptClass } from '../../src/gateway/pins/kept-class.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';

/** A classifier for tests: what a definition says that it can do, as `class: destructive`; unknown where it says nothing. */
export function classOfText(text: string, version: string = 't1'): KeptClass {
  const word = /class: (read|write|execute|destructive|financial)/.exec(text)?.[1];
  const told = word === undefined ? 'unknown' : (word as KeptClass['class']);
  const evidence = [{ from: 'description', quote: word ?? '', says: 'it says so' }] as const;
  const severity = told === 'read' ? 'low' : 'medium';
  return {
    class: told,
    severity,
    reason: `It says ${told}.`,
    evidence,
    by: 'classifier',
    version,
    catalogue: undefined,
  };
}

export function classifyText(tool: JsonObject): KeptClass {
  return classOfText(canonicalJson(tool));
}
