import type { JsonObject } from '../wire/json.ts';
import { compileConditions } from './condition.ts';
import type { RuleRef } from './decision.ts';
import { checkKeys, type Draft, type Element, elementsAt, objectAt, refuse, textAt } from './draft.ts';
import { type Named, named } from './order.ts';
import type { Clause } from './policy.ts';
import { refusal } from './refusal.ts';
import { ENTRY } from './rule-vocabulary.ts';

export interface Entry {
  readonly clause: Named<Clause>;
  readonly isUnconditional: boolean;
}

type EntryKey = 'require' | 'deny_if' | 'approve_if';

/** Compiles the entries under a key of some rules; `reason` stands in where an entry has no words of its own. */
export function compileEntries(
  draft: Draft,
  rules: JsonObject,
  pointer: string,
  key: EntryKey,
  reason: string | undefined,
): readonly Entry[] {
  return elementsAt(draft, rules, pointer, key).flatMap((element) => {
    const entry = compileEntry(draft, element, key, reason);
    return entry === undefined ? [] : [entry];
  });
}

function compileEntry(draft: Draft, element: Element, key: EntryKey, reason: string | undefined): Entry | undefined {
  const { pointer } = element;
  const entry = objectAt(draft, element.value, pointer, ' such as {"conditions": [], "on_deny": "why"}');
  if (entry === undefined) return undefined;
  checkKeys(draft, entry, pointer, ENTRY);
  const rule: RuleRef = Object.freeze({ document: draft.document, pointer, id: textAt(draft, entry, pointer, 'id') });
  const words = textAt(draft, entry, pointer, 'on_deny') ?? reason;
  if (entry['conditions'] === undefined) {
    return refuse(draft, pointer, '"conditions" is missing; an empty array holds for every call');
  }
  const { paths, ...condition } = compileConditions(draft, entry, pointer, 'conditions', key);
  const isUnconditional = Array.isArray(entry['conditions']) && entry['conditions'].length === 0;
  const clause: Clause = Object.freeze({ ...refusal(key, rule, words, predicateOf(key, paths)), condition });
  return { clause: named(clause, entry), isUnconditional };
}

/** Names where to look, not what is looked for: whoever is refused learns what to change, not how to slip past. */
function predicateOf(key: EntryKey, paths: readonly string[]): string {
  const [first, second, third, ...more] = paths.map((path) => (path.length > 60 ? `${path.slice(0, 60)}…` : path));
  const verdict = key === 'approve_if' ? 'needs the approval of a person' : 'is refused';
  if (first === undefined) return `${verdict}, whatever its arguments.`;
  const places = [first, second, third].filter((path) => path !== undefined).join(', ');
  const all = more.length > 0 ? `${places} and ${more.length} more` : places;
  return key === 'require'
    ? `is refused: it does not meet what is required of ${all}.`
    : `${verdict} because of ${all}.`;
}
