import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';
import type { RuleRef } from './decision.ts';

/** A rule with the text it was read from, which settles its place. */
export interface Named<Rule extends { readonly rule: RuleRef }> {
  readonly rule: Rule;
  readonly source: Json;
}

export function named<Rule extends { readonly rule: RuleRef }>(rule: Rule, source: Json): Named<Rule> {
  return { rule, source };
}

/**
 * Puts rules into the order in which they are named: by `id`, then those without one by canonical text.
 * INVARIANT: what stands where in the document has no say (law 3).
 */
export function inOrder<Rule extends { readonly rule: RuleRef }>(rules: readonly Named<Rule>[]): readonly Rule[] {
  if (rules.length < 2) return Object.freeze(rules.map(({ rule }) => rule));
  const keyed = rules.map(({ rule, source }) => ({ rule, id: rule.rule.id, text: canonicalJson(source) }));
  keyed.sort((a, b) => byId(a.id, b.id) || byText(a.text, b.text));
  return Object.freeze(keyed.map(({ rule }) => rule));
}

function byId(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return byText(a, b);
}

function byText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
