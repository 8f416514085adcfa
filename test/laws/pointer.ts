import type { RuleRef } from '../../src/policy/decision.ts';
import { isArray, isObject, type Json, objectOf } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import type { Documents } from './naive.ts';
import { RULES } from './shuffle.ts';

/** What a JSON Pointer leads to; `undefined` where it leads nowhere. */
export function lookUp(document: Json | undefined, pointer: string): Json | undefined {
  let found: Json | undefined = document;
  for (const step of pointer.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (isArray(found)) found = found[Number(key)];
    else found = isObject(found) ? found[key] : undefined;
  }
  return found;
}

/** A rule by what it says and which table it stands in, not by its place in a list. */
export function contentOf(rule: RuleRef, documents: Documents): string {
  if (!rule.pointer.startsWith('/')) return `${rule.document} ${rule.pointer}`;
  const content = lookUp(documents[rule.document], rule.pointer);
  const table = rule.pointer.replace(/\/\d+$/, '');
  return `${rule.document} ${table} ${rule.id} ${content === undefined ? 'nowhere' : canonicalJson(settled(content))}`;
}

/** The rules of an entry in one order, whatever the order in the document. */
function settled(content: Json): Json {
  if (!isObject(content)) return content;
  return objectOf(
    Object.entries(content).map(([key, rules]) => [key, RULES.has(key) ? sorted(rules) : rules] as const),
  );
}

function sorted(rules: Json): Json {
  return isArray(rules) ? [...rules].sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)) : rules;
}
