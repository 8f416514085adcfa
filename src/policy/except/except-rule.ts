import { isArray, isObject, type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { isPattern } from '../pattern.ts';
import { type Reach, unless } from './narrow.ts';

/** A rule that asks and of which calls can be excepted. */
export type AskingPlace =
  | { readonly kind: 'action'; readonly rules: readonly string[]; readonly reach: Reach }
  | { readonly kind: 'approve_if'; readonly rules: readonly string[]; readonly index: number; readonly reach: Reach };

const ASKS = 'This needs the approval of a person.';

/** Reads where a rule stands; undefined for limits, and for all else that cannot be loosened for some calls alone. */
export function askingPlace(pointer: string): AskingPlace | undefined {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [table, name] = steps;
  const rules = steps.slice(0, table === 'all_tools' ? 1 : 2);
  const isOne = table !== 'all_tools' && table !== 'classes' && name !== undefined && !isPattern(name);
  const reach: Reach = isOne ? 'this name' : 'other names';
  const [key, index, ...more] = steps.slice(rules.length);
  if (key === 'action' && index === undefined) return { kind: 'action', rules, reach };
  if (key !== 'approve_if' || index === undefined || more.length > 0) return undefined;
  return { kind: 'approve_if', rules, index: Number(index), reach };
}

/** The document with the rule asking for no call that meets the conditions; undefined where it is not there. */
export function exceptFrom(document: Json, place: AskingPlace, conditions: readonly Json[]): Json | undefined {
  return changedAt(document, place.rules, (rules) =>
    place.kind === 'action' ? withoutAction(rules, conditions) : withEntry(rules, place.index, conditions),
  );
}

/** The action becomes an entry that asks for all other calls: rules without action allow. */
function withoutAction(rules: JsonObject, conditions: readonly Json[]): JsonObject | undefined {
  if (rules['action'] !== 'require_approval') return undefined;
  const before = isArray(rules['approve_if']) ? rules['approve_if'] : [];
  const words = rules['reason'] === undefined ? [['on_deny', ASKS] as const] : [];
  const entry = objectOf([['conditions', [unless(conditions)]], ...words]);
  const entries: readonly Json[] = [...before, entry];
  const isThere = rules['approve_if'] !== undefined;
  return objectOf(
    Object.entries(rules).flatMap(([key, value]): readonly (readonly [string, Json])[] => {
      if (key === 'action') return isThere ? [] : [['approve_if', entries]];
      return [[key, key === 'approve_if' ? entries : value]];
    }),
  );
}

function withEntry(rules: JsonObject, index: number, conditions: readonly Json[]): JsonObject | undefined {
  const entries = rules['approve_if'];
  const entry = isArray(entries) ? entries[index] : undefined;
  if (!isArray(entries) || !isObject(entry) || !isArray(entry['conditions'])) return undefined;
  const changed = withMember(entry, 'conditions', [...entry['conditions'], unless(conditions)]);
  return withMember(rules, 'approve_if', entries.with(index, changed));
}

/** The document with an object in it replaced; keys keep their places. */
export function changedAt(
  value: Json | undefined,
  steps: readonly string[],
  change: (found: JsonObject) => JsonObject | undefined,
): Json | undefined {
  if (!isObject(value)) return undefined;
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  const inner = Object.hasOwn(value, step) ? changedAt(value[step], rest, change) : undefined;
  return inner === undefined ? undefined : withMember(value, step, inner);
}

/** With another value under a key, which stays where it is or comes last. */
export function withMember(object: JsonObject, key: string, value: Json): JsonObject {
  return objectOf([...Object.entries(object), [key, value]]);
}
