import { isArray } from '../../wire/json.ts';
import { type ArgumentRule, holds, ruleFor } from './argument-rule.ts';
import { shown } from './id-rule.ts';
import type { Parameter } from './parameter.ts';

/** Wants an argument without which the call would act on more. */
export function presenceRule(parameter: Parameter): ArgumentRule | undefined {
  // Of an empty list of words nothing could ever be given.
  const listed = parameter.schema['enum'];
  if (parameter.isRequired || (isArray(listed) && listed.length === 0)) return undefined;
  const name = shown(parameter.name);
  return ruleFor(parameter, {
    list: 'require',
    kind: 'given',
    onDeny: `Say which: without ${name} the call acts on more.`,
    condition: holds(parameter.path, 'exists', true),
    good: [],
    bad: [null],
    note: `${name} must be given: without it the call acts on more than one would think.`,
  });
}
