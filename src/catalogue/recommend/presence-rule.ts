import { isArray } from '../../wire/json.ts';
import { type ArgumentRule, holds, ruleFor } from './argument-rule.ts';
import { shown } from './id-rule.ts';
import type { Parameter } from './parameter.ts';

/** Wants an argument without which the call would act on more. */
export function presenceRule(parameter: Parameter): ArgumentRule | undefined {
  // Of an empty list of words nothing could ever be given.
  const listed = parameter.schema['enum'];
  if (parameter.isRequired || (isArray(listed) && listed.length === 0)) return undefined;
  const { types } = parameter;
  // Nothing in it is the same as nothing to many servers.
  const isCountable = types.size === 1 && (types.has('string') || types.has('array'));
  const name = shown(parameter.name);
  return ruleFor(parameter, {
    list: 'require',
    kind: 'given',
    onDeny: `Say which: without ${name} the call acts on more.`,
    condition: isCountable ? holds(parameter.path, 'length_gte', 1) : holds(parameter.path, 'exists', true),
    good: [],
    bad: isCountable ? [null, types.has('array') ? [] : ''] : [null],
    note: `${name} must be given: without it the call acts on more than one would think.`,
  });
}
