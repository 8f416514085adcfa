import { isArray, isObject } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { below, quoted, shown } from '../problem.ts';
import { elementsOf } from './clause.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Keys whose rules are not heard where every call is refused. */
const CONDITIONAL: readonly string[] = ['require', 'deny_if', 'approve_if', 'limits', 'rate_limit', 'validate'];

/** Warns of rules that never speak, of equal ids, and of keys without effect. */
export function checkRules(subject: Subject): readonly Warning[] {
  return [
    ...ofList(subject),
    ...ofApprovers(subject),
    ...subject.sets.flatMap((set) => [...ofDead(set), ...ofIds(set), ...ofMode(subject, set)]),
  ];
}

function ofList({ root, policy }: Subject): readonly Warning[] {
  if (policy.document !== 'baseline' || root['list'] === undefined) return [];
  const message = 'has no effect in a baseline; write "list" in the policies';
  return [{ pointer: '/list', code: 'list-in-baseline', message }];
}

/** With roles there may be any number of people; by names alone there are as many as names. */
function ofApprovers({ policy: { approvals } }: Subject): readonly Warning[] {
  const { count, roles, owners } = approvals;
  const people = new Set(owners).size;
  if (count === undefined || owners === undefined || (roles !== undefined && roles.length > 0) || people >= count)
    return [];
  const message = `${count} people must agree, but "approvers" names ${people}, so no question is ever answered with yes; lower "count", or name more`;
  return [{ pointer: '/approvals/count', code: 'approval-nobody', message }];
}

function ofDead({ source, pointer }: RuleSet): readonly Warning[] {
  const code = 'dead-rules';
  const { action } = source;
  const present = CONDITIONAL.filter((key) => isFilled(source[key]));
  if (action === 'deny' || action === 'hide') {
    const [first] = present;
    if (first === undefined) return [];
    const message = `${list(present)} never ${present.length === 1 ? 'speaks' : 'speak'}: the action ${quoted(action)} refuses every call; leave one of the two out`;
    return [{ pointer: below(pointer, first), code, message }];
  }
  const always = elementsOf(source, pointer, 'deny_if').find(
    ({ source: { conditions } }) => isArray(conditions) && conditions.length === 0,
  );
  if (always === undefined) return [];
  const others = present.filter((key) => key !== 'deny_if' || elementsOf(source, pointer, key).length > 1);
  if (action === undefined && others.length === 0) return [];
  const beside = [...(action === undefined ? [] : [`the action ${quoted(String(action))}`]), ...others];
  const message = `refuses every call, so ${list(beside)} beside it never ${beside.length === 1 ? 'speaks' : 'speak'}; give it conditions, or leave the rest out`;
  return [{ pointer: always.pointer, code, message }];
}

function isFilled(value: RuleSet['source'][string] | undefined): boolean {
  if (isArray(value)) return value.length > 0;
  return isObject(value) || (value !== undefined && value !== 'off');
}

function list(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  const shown = words.map((word) => (CONDITIONAL.includes(word) ? `"${word}"` : word));
  return shown.length < 2 ? (shown[0] ?? last) : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

/** Equal rules in one list may be copies; rules that differ are taken for one another in the log. */
function ofIds({ source, pointer }: RuleSet): readonly Warning[] {
  const known = new Map<string, { readonly pointer: string; readonly text: string }>();
  const warnings: Warning[] = [];
  for (const key of ['require', 'deny_if', 'approve_if', 'limits']) {
    for (const { source: rule, pointer: place } of elementsOf(source, pointer, key)) {
      const { id } = rule;
      if (typeof id !== 'string') continue;
      const text = canonicalJson(rule);
      const before = known.get(id);
      if (before === undefined) known.set(id, { pointer: place, text });
      if (before === undefined || before.text === text) continue;
      const message = `the id ${quoted(id)} is that of ${shown(before.pointer)} too, so the log cannot tell them apart; write another one`;
      warnings.push({ pointer: below(place, 'id'), code: 'duplicate-id', message });
    }
  }
  return warnings;
}

function ofMode({ policy }: Subject, { source, pointer }: RuleSet): readonly Warning[] {
  if (policy.mode !== 'shadow' || source['mode'] !== 'enforce') return [];
  const message =
    'is not enforced: the whole document stands in shadow; remove "mode": "shadow" there, and write it into the entries that are to stay in shadow';
  return [{ pointer: below(pointer, 'mode'), code: 'mode-overruled', message }];
}
