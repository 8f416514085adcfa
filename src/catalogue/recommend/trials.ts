import type { InputSchema } from '../../policy/json-schema/compile-schema.ts';
import { below } from '../../policy/problem.ts';
import { isArray, isObject, type Json, type JsonObject, objectOf, withKeys } from '../../wire/json.ts';
import type { ArgumentRule } from './argument-rule.ts';
import { example, exampleArguments } from './example.ts';
import { type Parameter, parametersOf } from './parameter.ts';

/** What is to become of a call. */
export interface Wanted {
  readonly effect: 'allow' | 'require_approval' | 'deny';
  readonly rule?: string;
  readonly id?: string;
  readonly hidden?: true;
}

/** A call that shows what a rule does. */
export interface Trial {
  readonly name: string;
  readonly tool: string;
  readonly args: JsonObject;
  /** How many calls like it were made in the same moment before. */
  readonly earlier: number;
  readonly want: Wanted;
}

/** Of each rule so many values that it refuses. */
const MOST_BAD = 2;

interface Tried {
  readonly tool: JsonObject;
  readonly rules: JsonObject;
  readonly argumentRules: readonly ArgumentRule[];
  readonly schema: InputSchema;
}

/** Calls that pass, and for each rule calls that it stops; the arguments satisfy the tool's schema, as far as that can be done. */
export function trialsOf({ tool, rules, argumentRules, schema }: Tried): readonly Trial[] {
  const name = String(tool['name']);
  const ordinary: Wanted = { effect: rules['action'] === 'require_approval' ? 'require_approval' : 'allow' };
  const parameters = parametersOf(tool);
  const base = baseArguments(tool, argumentRules, parameters, schema);
  const says = ordinary.effect === 'allow' ? 'passes' : 'asks';
  const trial = (what: string, args: JsonObject, want: Wanted): Trial => ({
    name: `${name}: ${what}`,
    tool: name,
    args,
    earlier: 0,
    want,
  });
  const ruled = [...new Set(argumentRules.map(({ parameter }) => parameter))];
  const optional = ruled
    .filter((parameter) => base[parameter] === undefined)
    .flatMap((parameter) => {
      const value = goodValue(parameter, base, argumentRules, schema);
      return value === undefined
        ? []
        : [trial(`${says} with ${parameter}`, withKeys(base, { [parameter]: value }), ordinary)];
    });
  // A person is asked only about what the schema lets through.
  const badValues = (list: ArgumentRule['list'], parameter: string, bad: readonly Json[]): readonly Json[] =>
    bad
      .filter((value) => list !== 'approve_if' || faultAt(schema, base, parameter, value) === undefined)
      .slice(0, MOST_BAD);
  const stopped = argumentRules.flatMap(({ list, id, parameter, bad }) =>
    badValues(list, parameter, bad).map((value) => {
      const what =
        value === null
          ? `refuses a call without ${parameter}`
          : `${list === 'approve_if' ? 'asks' : 'refuses'}, for ${parameter}, ${JSON.stringify(value)}`;
      return trial(what, withKeys(base, { [parameter]: value ?? undefined }), stoppedBy(list, id, ordinary));
    }),
  );
  return [
    trial(`an ordinary call ${says}`, base, ordinary),
    ...optional,
    ...stopped,
    ...schemaTrials(name, rules, base, parameters, { ruled, schema }),
    ...limitTrials(name, rules, base),
  ];
}

/** A tool that is hidden is in no list, and unknown to whoever calls it. */
export function hiddenTrials(name: string): readonly Trial[] {
  const want: Wanted = { effect: 'deny', hidden: true };
  return [{ name: `${name}: is hidden`, tool: name, args: objectOf([]), earlier: 0, want }];
}

/** One call more than the first limit lets pass. */
export function limitTrials(name: string, rules: JsonObject, args: JsonObject): readonly Trial[] {
  const [limit] = isArray(rules['limits']) ? rules['limits'] : [];
  const max = isObject(limit) ? limit['max'] : undefined;
  if (typeof max !== 'number' || rules['action'] !== undefined) return [];
  const want: Wanted = { effect: 'deny', rule: below(below(below('/tools', name), 'limits'), 0) };
  return [{ name: `${name}: call ${max + 1} within a minute is refused`, tool: name, args, earlier: max, want }];
}

function stoppedBy(list: ArgumentRule['list'], id: string, ordinary: Wanted): Wanted {
  if (list !== 'approve_if') return { effect: 'deny', id };
  return ordinary.effect === 'allow' ? { effect: 'require_approval', id } : ordinary;
}

function baseArguments(
  tool: JsonObject,
  rules: readonly ArgumentRule[],
  parameters: ReadonlyMap<string, Parameter>,
  schema: InputSchema,
): JsonObject {
  let base = exampleArguments(tool['inputSchema']);
  for (const { parameter, good } of rules) {
    const isWanted = parameters.get(parameter)?.isRequired === true || good.length === 0;
    const value = isWanted ? goodValue(parameter, base, rules, schema) : undefined;
    const made = value ?? (isWanted && base[parameter] === undefined ? exampleOf(tool, parameter) : undefined);
    if (made !== undefined) base = withKeys(base, { [parameter]: made });
  }
  return base;
}

function exampleOf(tool: JsonObject, parameter: string): Json | undefined {
  const root = tool['inputSchema'] ?? null;
  const properties = isObject(root) ? root['properties'] : undefined;
  const schema = isObject(properties) ? properties[parameter] : undefined;
  return schema === undefined ? undefined : example(root, schema, 0);
}

/** The first value that all rules of the argument let pass and its schema allows. */
function goodValue(
  parameter: string,
  base: JsonObject,
  rules: readonly ArgumentRule[],
  schema: InputSchema,
): Json | undefined {
  const values = rules.filter((rule) => rule.parameter === parameter).find(({ good }) => good.length > 0)?.good ?? [];
  return values.find((value) => faultAt(schema, base, parameter, value) === undefined);
}

/** A value of another type than the schema says, for the first argument of which no rule speaks. */
function schemaTrials(
  name: string,
  rules: JsonObject,
  base: JsonObject,
  parameters: ReadonlyMap<string, Parameter>,
  { ruled, schema }: { readonly ruled: readonly string[]; readonly schema: InputSchema },
): readonly Trial[] {
  if (rules['validate'] === undefined || schema.kind !== 'schema') return [];
  for (const { name: one } of parameters.values()) {
    const wrong = ruled.includes(one)
      ? undefined
      : WRONG.find((value) => faultAt(schema, base, one, value) !== undefined);
    if (wrong === undefined) continue;
    const want: Wanted = { effect: 'deny', rule: below(below('/tools', name), 'validate') };
    const args = withKeys(base, { [one]: wrong });
    return [{ name: `${name}: refuses what is not of the type of ${one}`, tool: name, args, earlier: 0, want }];
  }
  return [];
}

/** What few arguments can be. */
const WRONG: readonly Json[] = [objectOf([['not', 'of this type']]), 'not of this type'];

function faultAt(schema: InputSchema, base: JsonObject, parameter: string, value: Json): string | undefined {
  if (schema.kind !== 'schema') return undefined;
  const place = below('', parameter);
  const pointer = schema.check(withKeys(base, { [parameter]: value }), 'schema')?.pointer;
  return pointer === place || pointer?.startsWith(`${place}/`) ? pointer : undefined;
}
