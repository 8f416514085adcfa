import { isArray, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { condition } from '../except/bounded.ts';
import { memberPath } from '../member-path.ts';
import { readPath } from '../path.ts';
import { type ArgumentRules, argumentRules, type Part } from './argument-rules.ts';
import type { Observation } from './observation.ts';
import { seenIn } from './seen.ts';

/**
 * Where a person approved of some calls and others passed by themselves: a person is asked again for what only those had of which one
 * approved. `require`: what stands for all of the calls.
 */
export function approvalRules(observations: readonly Observation[], require: readonly Part[]): ArgumentRules {
  const plain = observations.filter(({ isApproved }) => !isApproved);
  const asked = observations.length - plain.length;
  if (asked === 0 || plain.length === 0) return { require: [], unsaid: [] };
  const known = new Set(require.map(({ rule }) => canonicalJson(rule)));
  const alone = seenIn(plain);
  const bounds = argumentRules(alone).require.filter(({ rule }) => !known.has(canonicalJson(rule)));
  const extra = extraArguments(observations, alone.hidden > 0 ? undefined : alone.keys);
  const parts = [
    ...bounds.map((part) => ({
      ...part,
      rule: beyond(part.rule),
      says: `a person approved of what is beyond ${part.says}`,
    })),
    ...extra.map(
      (key): Part => ({
        rule: objectOf([['conditions', [condition(memberPath('args', key), 'exists', true)]]]),
        says: `only calls of which a person approved had ${key}`,
        examples: [],
      }),
    ),
  ];
  if (parts.length > 0) return { require: parts, unsaid: [] };
  const why = `a person approved of ${asked} of its calls, which were like the others, so nobody would be asked`;
  return { require: [], unsaid: [{ path: 'approval', why }] };
}

/** The opposite of what is required. */
function beyond({ conditions }: JsonObject): JsonObject {
  const all: readonly Json[] = isArray(conditions) ? conditions : [];
  const [only, second] = all;
  const whole = only !== undefined && second === undefined ? only : objectOf([['all', all]]);
  return objectOf([['conditions', [objectOf([['not', whole]])]]]);
}

/** Arguments that only calls had of which a person approved. */
function extraArguments(
  observations: readonly Observation[],
  others: ReadonlyMap<string, { readonly present: number }> | undefined,
): readonly string[] {
  const root = seenIn(observations);
  if (others === undefined || root.hidden > 0) return [];
  return [...root.keys]
    .flatMap(([key, { present }]) => (present > 0 && (others.get(key)?.present ?? 0) === 0 ? [key] : []))
    .filter((key) => typeof readPath(memberPath('args', key)) !== 'string')
    .sort();
}
