import type { Comparison } from '../policy/culprits.ts';
import type { RuleRef } from '../policy/decision.ts';
import type { Json } from '../wire/json.ts';
import { canonicalJson } from '../wire/write-json.ts';

const MOST_SHOWN = 120;

export function ruleName({ document, pointer, id }: RuleRef): string {
  const named = id === undefined ? pointer : `${pointer} [${id}]`;
  return document === 'baseline' ? `${named} (baseline)` : named;
}

export function comparisonText({ path, op, value, beside, isNegated }: Comparison): string {
  const more = beside.map(([key, one]) => `, ${key} ${shown(one)}`).join('');
  return `${isNegated ? 'not ' : ''}${path} ${op} ${shown(value)}${more}`;
}

export function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN).toWellFormed()}…` : text;
}
