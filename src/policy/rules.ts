import type { CallKind } from '../wire/call.ts';
import type { Json, JsonObject } from '../wire/json.ts';
import type { RuleRef } from './decision.ts';
import { checkKeys, type Draft, objectAt, refuse, textAt, wordAt } from './draft.ts';
import { compileEntries, type Entry } from './entry.ts';
import { compileLimits } from './limit.ts';
import { inOrder } from './order.ts';
import type { Limit, Outcome, Refusal, Rules, Validation } from './policy.ts';
import { below, quoted } from './problem.ts';
import { outcome, refusal } from './refusal.ts';
import { RULES_SHAPE } from './rule-vocabulary.ts';
import { ACTIONS, MODES, VALIDATIONS } from './words.ts';

type Action = (typeof ACTIONS)[number];

/** Rules that allow everything and say so in these words. */
export function openRules(allowed: Outcome): Rules {
  return Object.freeze({
    mode: 'enforce',
    open: undefined,
    standing: undefined,
    allowed,
    approval: undefined,
    denyIf: [],
    require: [],
    approveIf: [],
    validate: undefined,
    limits: [],
    asked: [],
  });
}

/** The rules of a document that has none at a place. */
export function noRules(document: 'policy' | 'baseline'): Rules {
  return openRules(outcome('action', { document, pointer: '/all_tools', id: undefined }, 'Allowed.'));
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
  return Object.freeze({ ...openRules(allowed), standing });
}

/** Compiles the rules of an entry (`subject` is its name, pattern or class) or of `all_tools`. */
export function compileRules(draft: Draft, value: Json, pointer: string, subject: string, kind: CallKind): Rules {
  const rules = objectAt(draft, value, pointer, '; {} allows, {"action": "deny"} refuses');
  if (rules === undefined) return noRules(draft.document);
  checkKeys(draft, rules, pointer, RULES_SHAPE);
  const outer = draft.mode;
  draft.mode = wordAt(draft, rules, pointer, 'mode', MODES) === 'shadow' ? 'shadow' : outer;
  draft.asked = [];
  const compiled = compileInMode(draft, rules, pointer, subject, kind);
  draft.mode = outer;
  return compiled;
}

function compileInMode(draft: Draft, rules: JsonObject, pointer: string, subject: string, kind: CallKind): Rules {
  const { document, mode } = draft;
  const reason = textAt(draft, rules, pointer, 'reason');
  const action = wordAt<Action>(draft, rules, pointer, 'action', ACTIONS);
  const denyIf = compileEntries(draft, rules, pointer, 'deny_if', reason);
  const require = compileEntries(draft, rules, pointer, 'require', reason);
  const approveIf = compileEntries(draft, rules, pointer, 'approve_if', reason);
  const limits = inOrder(compileLimits(draft, rules, pointer, subject, reason));
  const byAction = actionRule(draft, pointer, action ?? 'allow', reason);
  const place = action === undefined ? pointer : below(pointer, 'action');
  const said = reason ?? `Allowed by the entry ${quoted(subject)} of the ${document}.`;
  return Object.freeze({
    mode,
    open: mode === 'shadow' ? shadowRules(document, pointer, subject) : undefined,
    standing: byAction.standing ?? firstUnconditional(denyIf) ?? firstImpossible(limits),
    allowed: outcome('action', { document, pointer: place, id: undefined }, said),
    approval: byAction.approval,
    denyIf: clausesOf(denyIf),
    require: clausesOf(require),
    approveIf: clausesOf(approveIf),
    validate: compileValidation(draft, rules, pointer, kind, reason),
    limits,
    asked: draft.asked,
  });
}

/** What holds of rules in shadow: they allow. */
function shadowRules(document: 'policy' | 'baseline', pointer: string, subject: string): Rules {
  const said = `Allowed: the entry ${quoted(subject)} of the ${document} stands in shadow.`;
  return openRules(outcome('action', { document, pointer, id: undefined }, said));
}

function clausesOf(entries: readonly Entry[]): Rules['denyIf'] {
  return inOrder(entries.map(({ clause }) => clause));
}

function compileValidation(
  draft: Draft,
  rules: JsonObject,
  pointer: string,
  kind: CallKind,
  reason: string | undefined,
): Validation | undefined {
  const how = wordAt(draft, rules, pointer, 'validate', VALIDATIONS) ?? 'off';
  const place = below(pointer, 'validate');
  if (rules['validate'] !== undefined && kind !== 'tool') {
    return refuse(draft, place, 'goes with tools only: nothing else has a schema of its arguments');
  }
  if (how === 'off') return undefined;
  const rule: RuleRef = Object.freeze({ document: draft.document, pointer: place, id: undefined });
  return Object.freeze({ ...refusal('validate', rule, reason, 'is refused'), how });
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

function firstUnconditional(entries: readonly Entry[]): Refusal | undefined {
  return inOrder(entries.filter(({ isUnconditional }) => isUnconditional).map(({ clause }) => clause))[0];
}

function firstImpossible(limits: readonly Limit[]): Refusal | undefined {
  const limit = limits.find(isImpossible);
  return limit && impossibleRefusal(limit);
}

/** Whether the very first call, whatever it carries, would exceed the limit. */
export function isImpossible({ max, amount, when, onExceed }: Limit): boolean {
  return max < 1 && amount === undefined && when === undefined && onExceed === 'deny';
}

export function impossibleRefusal({ rule, reason, counter }: Limit): Refusal {
  return refusal('limit', rule, reason, `is refused: the limit ${quoted(counter)} lets no call through.`);
}
