import { below, quoted } from '../../policy/problem.ts';
import { type JsonObject, objectOf } from '../../wire/json.ts';
import { type Conversion, refuse } from './conversion.ts';
import { demandOf, questionOf } from './convert-condition.ts';
import { limitOf } from './convert-counter.ts';
import type { InterceptCondition } from './read-condition.ts';
import type { InterceptRule } from './read-rule.ts';

/** The keys of rules under which pieces stand. */
export type PieceKey = 'deny_if' | 'require' | 'approve_if' | 'limits';

/** One entry or limit of the new document. */
export interface Piece {
  readonly key: PieceKey;
  readonly value: JsonObject;
  /** Where it comes from. */
  readonly from: string;
  /** Where each of its conditions comes from. */
  readonly parts: readonly string[];
}

/** What a rule becomes. Problems are gathered. */
export function convertRule(conversion: Conversion, rule: InterceptRule, scope: string): readonly Piece[] {
  switch (rule.action) {
    case 'deny':
      return [entry('deny_if', rule, [], deniedBy(rule))];
    case 'require_approval':
      return approval(conversion, rule);
    case 'evaluate':
      return evaluation(conversion, rule, scope);
  }
}

interface Part {
  readonly test: JsonObject;
  readonly from: string;
}

function evaluation(conversion: Conversion, rule: InterceptRule, scope: string): readonly Piece[] {
  const must: Part[] = [];
  const mustNot: Part[] = [];
  const counted: InterceptCondition[] = [];
  for (const condition of rule.conditions) {
    if (condition.path.startsWith('state.')) {
      counted.push(condition);
      continue;
    }
    const demand = demandOf(conversion, condition);
    must.push(...demand.must.map((test) => ({ test, from: condition.pointer })));
    mustNot.push(...demand.mustNot.map((test) => ({ test, from: condition.pointer })));
  }
  const pieces: Piece[] = mustNot.map((part) => entry('deny_if', rule, [part], deniedBy(rule)));
  if (must.length > 0) pieces.push(entry('require', rule, must, deniedBy(rule)));
  const limit = limitOf(conversion, rule, counted, scope);
  if (limit !== undefined) pieces.push({ key: 'limits', value: limit, from: rule.pointer, parts: [] });
  return pieces;
}

function approval(conversion: Conversion, rule: InterceptRule): readonly Piece[] {
  const parts: Part[] = [];
  for (const condition of rule.conditions) {
    if (!condition.path.startsWith('state.'))
      parts.push({ test: questionOf(conversion, condition), from: condition.pointer });
    else {
      const what =
        'asking when a counter stands so has no equal; write a limit with "on_exceed": "require_approval" by hand';
      refuse(conversion, below(condition.pointer, 'path'), what);
    }
  }
  return [entry('approve_if', rule, parts, rule.onDeny)];
}

function entry(key: PieceKey, rule: InterceptRule, parts: readonly Part[], words: string | undefined): Piece {
  const value = objectOf([
    ['id', rule.name],
    ['conditions', parts.map(({ test }) => test)],
    ...(words === undefined ? [] : [['on_deny', words] as const]),
  ]);
  return { key, value, from: rule.pointer, parts: parts.map(({ from }) => from) };
}

/** What Intercept says where the author says nothing. */
function deniedBy({ onDeny, name }: InterceptRule): string {
  return onDeny ?? `Denied by rule ${quoted(name)}`;
}
