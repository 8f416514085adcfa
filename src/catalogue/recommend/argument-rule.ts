import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import type { Parameter } from './parameter.ts';

/** A rule about one argument, and values that show what it does. */
export interface ArgumentRule {
  readonly list: 'require' | 'deny_if' | 'approve_if';
  readonly parameter: string;
  readonly id: string;
  /** As policies write it. */
  readonly entry: JsonObject;
  /** Values that it lets pass; the first that the schema allows is taken. Empty for a rule that only wants one to be there. */
  readonly good: readonly Json[];
  /** Values that it stops; null for none at all. */
  readonly bad: readonly Json[];
  /** Why it is there, and what is left to be decided. */
  readonly note: string;
}

type Said = Pick<ArgumentRule, 'list' | 'good' | 'bad' | 'note'> & {
  /** What kind of rule it is, for its id. */
  readonly kind: string;
  /** What the agent is told; begins with the name of the argument. */
  readonly onDeny: string;
  readonly condition: JsonObject;
};

export function ruleFor({ name }: Parameter, { list, kind, onDeny, condition, good, bad, note }: Said): ArgumentRule {
  const id = `${/^[\w-]{1,60}$/.test(name) ? name : 'argument'}-${kind}`;
  const entry = objectOf([
    ['id', id],
    ['conditions', [condition]],
    ['on_deny', onDeny],
  ]);
  return { list, parameter: name, id, entry, good, bad, note };
}

export function holds(path: string, op: string, value: Json): JsonObject {
  return objectOf([
    ['path', path],
    ['op', op],
    ['value', value],
  ]);
}

export function anyOf(conditions: readonly JsonObject[]): JsonObject {
  const [only, second] = conditions;
  return only !== undefined && second === undefined ? only : objectOf([['any', conditions]]);
}

export function allOf(conditions: readonly JsonObject[]): JsonObject {
  const [only, second] = conditions;
  return only !== undefined && second === undefined ? only : objectOf([['all', conditions]]);
}

export function not(condition: JsonObject): JsonObject {
  return objectOf([['not', condition]]);
}

/** A condition on the argument, or on each element where it is a list; it need not be there if the tool does not ask for it. */
export function wherePresent(parameter: Parameter, test: (path: string) => JsonObject): JsonObject {
  const { path, elements, isRequired } = parameter;
  const absent = isRequired ? [] : [holds(path, 'exists', false)];
  if (elements === undefined) return anyOf([...absent, test(path)]);
  // Over an empty list nothing holds of every element.
  return anyOf([...absent, holds(path, 'length_lte', 0), test(`${path}[*]`)]);
}

/** The path at which one value stands. */
export function valuePath({ path, elements }: Parameter): string {
  return elements === undefined ? path : `${path}[*]`;
}

/** The values as the argument takes them: a list of one where it is a list. */
export function given({ elements }: Parameter, values: readonly Json[]): readonly Json[] {
  return elements === undefined ? values : values.map((value) => [value]);
}
