import { type ArgumentRule, allOf, given, holds, ruleFor, wherePresent } from './argument-rule.ts';
import { shown } from './id-rule.ts';
import type { Parameter } from './parameter.ts';

/** Where the schema knows no smaller one. It is there to be changed. */
const MOST = 10_000;

/** Bounds an amount: more than nothing, at most so much, and a number: a text of digits would be taken for one by many servers. */
export function amountRule(parameter: Parameter): ArgumentRule | undefined {
  const one = parameter.elements ?? parameter;
  if (!one.types.has('number') && !one.types.has('integer')) return undefined;
  if (one.schema['enum'] !== undefined || one.schema['const'] !== undefined) return undefined;
  const { minimum, maximum } = one.schema;
  const most = typeof maximum === 'number' ? Math.min(maximum, MOST) : MOST;
  if (most <= 0 || (typeof minimum === 'number' && minimum > most)) return undefined;
  const name = shown(parameter.name);
  return ruleFor(parameter, {
    list: 'require',
    kind: 'bounded',
    onDeny: `${name} must be a number above 0 and at most ${most}.`,
    condition: wherePresent(parameter, (path) =>
      allOf([holds(path, 'type', 'number'), holds(path, 'gt', 0), holds(path, 'lte', most)]),
    ),
    good: given(parameter, [1, ...(typeof minimum === 'number' ? [minimum] : []), most]),
    bad: given(parameter, [most + 1, 0, -1, '5']),
    note: `${name} is at most ${most}, in whatever unit the server counts: look up whether that is cents, and choose the bound.`,
  });
}
