import type { Json, JsonObject } from '../wire/json.ts';
import { compileConditions, type Purpose } from './condition.ts';
import type { RuleRef } from './decision.ts';
import {
  checkKeys,
  type Draft,
  type Element,
  elementsAt,
  type Keys,
  objectAt,
  refuse,
  textAt,
  wordAt,
} from './draft.ts';
import { compileLimits } from './limit.ts';
import { inOrder, type Named, named } from './order.ts';
import type { Clause, Limit, Outcome, Refusal, Rules, Stage } from './policy.ts';
import { below, quoted } from './problem.ts';

const KEYS: Keys = {
  known: ['action', 'reason', 'require', 'deny_if', 'limits', 'rate_limit'],
  later: ['approve_if', 'validate', 'mode'],
};
const ENTRY_KEYS: Keys = { known: ['conditions', 'on_deny', 'id'], later: [] };
const ACTIONS = ['allow', 'deny', 'hide', 'require_approval'] as const;
type Action = (typeof ACTIONS)[number];

/** The rules of a document that has none at a place. */
export function noRules(document: 'policy' | 'baseline'): Rules {
  const allowed: Outcome = outcome('action', { document, pointer: '/all_tools', id: undefined }, 'Allowed.');
  return Object.freeze({ standing: undefined, allowed, approval: undefined, denyIf: [], require: [], limits: [] });
}

/** The rules that `default` stands for. */
export function defaultRules(document: 'policy' | 'baseline', effect: 'allow' | 'deny'): Rules {
  const allowed = outcome(
    'default',
    { document, pointer: '/default', id: undefined },
    `Allowed by the default of the ${document}.`,
  );
  const rule: RuleRef = Object.freeze({ document, pointer: '(default deny)', id: undefined });
  const predicate = `is not allowed: no entry of the ${document} speaks for it, and its default is deny.`;
  const standing = effect === 'deny' ? refusal('default', rule, undefined, predicate) : undefined;
  return Object.freeze({ ...noRules(document), standing, allowed });
}

/** Compiles the rules of an entry (`subject` is its name or pattern) or of `all_tools`. */
export function compileRules(draft: Draft, value: Json, pointer: string, subject: string): Rules {
  const rules = objectAt(draft, value, pointer, '; {} allows, {"action": "deny"} refuses');
  if (rules === undefined) return noRules(draft.document);
  checkKeys(draft, rules, pointer, KEYS);
  const reason = textAt(draft, rules, pointer, 'reason');
  const action = wordAt<Action>(draft, rules, pointer, 'action', ACTIONS, []);
  const denyIf = compileEntries(draft, rules, pointer, 'deny_if', reason);
  const require = compileEntries(draft, rules, pointer, 'require', reason);
  const limits = inOrder(compileLimits(draft, rules, pointer, subject, reason));
  const byAction = actionRule(draft, pointer, action ?? 'allow', reason);
  const unconditional = denyIf.filter((entry) => entry.isUnconditional).map(({ clause }) => clause);
  return Object.freeze({
    standing: byAction.standing ?? firstOf(unconditional) ?? firstImpossible(limits),
    allowed: outcome(
      'action',
      { document: draft.document, pointer: action === undefined ? pointer : below(pointer, 'action'), id: undefined },
      reason ?? `Allowed by the entry ${quoted(subject)} of the ${draft.document}.`,
    ),
    approval: byAction.approval,
    denyIf: inOrder(denyIf.map(({ clause }) => clause)),
    require: inOrder(require.map(({ clause }) => clause)),
    limits,
  });
}

interface Entry {
  readonly clause: Named<Clause>;
  readonly isUnconditional: boolean;
}

function compileEntries(
  draft: Draft,
  rules: JsonObject,
  pointer: string,
  purpose: Purpose,
  reason: string | undefined,
): readonly Entry[] {
  return elementsAt(draft, rules, pointer, purpose).flatMap((element) => {
    const entry = compileEntry(draft, element, purpose, reason);
    return entry === undefined ? [] : [entry];
  });
}

function compileEntry(draft: Draft, element: Element, purpose: Purpose, reason: string | undefined): Entry | undefined {
  const { pointer } = element;
  const entry = objectAt(draft, element.value, pointer, ' such as {"conditions": [], "on_deny": "why"}');
  if (entry === undefined) return undefined;
  checkKeys(draft, entry, pointer, ENTRY_KEYS);
  const rule: RuleRef = Object.freeze({ document: draft.document, pointer, id: textAt(draft, entry, pointer, 'id') });
  const words = textAt(draft, entry, pointer, 'on_deny') ?? reason;
  if (entry['conditions'] === undefined) {
    return refuse(draft, pointer, '"conditions" is missing; an empty array holds for every call');
  }
  const { test, paths } = compileConditions(draft, entry, pointer, purpose);
  const isUnconditional = Array.isArray(entry['conditions']) && entry['conditions'].length === 0;
  const clause: Clause = Object.freeze({ ...refusal(purpose, rule, words, predicateOf(purpose, paths)), test });
  return { clause: named(clause, entry), isUnconditional };
}

/** Names where to look, not what is looked for: whoever is refused learns what to change, not how to slip past. */
function predicateOf(purpose: Purpose, paths: readonly string[]): string {
  const [first, second, third, ...more] = paths.map((path) => (path.length > 60 ? `${path.slice(0, 60)}…` : path));
  if (first === undefined) return 'is refused, whatever its arguments.';
  const places = [first, second, third].filter((path) => path !== undefined).join(', ');
  const all = more.length > 0 ? `${places} and ${more.length} more` : places;
  return purpose === 'require'
    ? `is refused: it does not meet what is required of ${all}.`
    : `is refused because of ${all}.`;
}

function actionRule(
  draft: Draft,
  pointer: string,
  action: Action,
  reason: string | undefined,
): { readonly standing: Refusal | undefined; readonly approval: Refusal | undefined } {
  const { document } = draft;
  const rule: RuleRef = Object.freeze({ document, pointer: below(pointer, 'action'), id: undefined });
  switch (action) {
    case 'allow':
      return { standing: undefined, approval: undefined };
    case 'deny':
      return { standing: refusal('action', rule, reason, `is denied by the ${document}.`), approval: undefined };
    case 'hide':
      return { standing: hiddenRefusal(document, reason), approval: undefined };
    case 'require_approval':
      return { standing: undefined, approval: refusal('action', rule, reason, 'needs the approval of a person.') };
  }
}

/** How a hidden name is refused. */
export function hiddenRefusal(document: 'policy' | 'baseline', reason: string | undefined): Refusal {
  const rule: RuleRef = Object.freeze({ document, pointer: '(hidden)', id: undefined });
  return refusal('hide', rule, reason, `is hidden by the ${document}.`);
}

function firstOf(clauses: readonly Named<Clause>[]): Refusal | undefined {
  return inOrder(clauses)[0];
}

/** A limit that the very first call would exceed. */
function firstImpossible(limits: readonly Limit[]): Refusal | undefined {
  const limit = limits.find(({ max }) => max < 1);
  if (limit === undefined) return undefined;
  return refusal(
    'limit',
    limit.rule,
    limit.reason,
    `is refused: the limit ${quoted(limit.counter)} lets no call through.`,
  );
}

function refusal(stage: Stage, rule: RuleRef, reason: string | undefined, predicate: string): Refusal {
  return Object.freeze({ stage, rule, reason, predicate });
}

function outcome(stage: Stage, rule: RuleRef, reason: string): Outcome {
  return Object.freeze({ stage, rule: Object.freeze(rule), reason });
}
