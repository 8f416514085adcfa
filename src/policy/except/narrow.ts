import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { quoted } from '../problem.ts';
import { boundedConditions, condition } from './bounded.ts';
import type { Ask, Bound } from './proposal.ts';

/** Longer conditions nobody reads, and they would fill the policy. Characters of canonical JSON. */
const MOST = 16_384;
/** Longer values are named where conditions get too long. */
const LONG = 1_024;

/** Whether the rule that asks may speak for other tools, resources or prompts as well. */
export type Reach = 'this name' | 'other names';

export interface Narrowness {
  readonly ask: Ask;
  readonly bounds: ReadonlyMap<string, Bound>;
  /** The last day, `YYYY-MM-DD`. */
  readonly until: string;
}

/**
 * The conditions that hold for calls like the one asked for and for no other; a text says why there are none.
 * INVARIANT: what is not bound is exact, and there is no argument beside those of the call.
 */
export function narrowConditions({ ask, bounds, until }: Narrowness, reach: Reach): readonly JsonObject[] | string {
  const { call, subject } = ask;
  const given = argumentConditions(call.args, bounds);
  if (typeof given === 'string') return given;
  const conditions = [
    ...(reach === 'other names' ? [condition('tool.name', 'eq', call.name)] : []),
    condition('grant.name', 'eq', subject.grant.name),
    condition('time.date', 'lte', until),
    ...given,
  ];
  if (canonicalJson(conditions).length <= MOST) return conditions;
  const long = Object.entries(call.args).flatMap(([name, value]) =>
    canonicalJson(value).length > LONG && !isLoose(bounds.get(name)) ? [quoted(name)] : [],
  );
  const which = long.length === 0 ? 'the arguments' : `the arguments ${long.join(', ')}`;
  return `${which} are too long to be written into a policy; choose "any value", or another bound, for the longest`;
}

function isLoose(bound: Bound | undefined): boolean {
  return bound !== undefined && bound.kind !== 'exact';
}

function argumentConditions(args: JsonObject, bounds: ReadonlyMap<string, Bound>): readonly JsonObject[] | string {
  const stranger = [...bounds.keys()].find((name) => args[name] === undefined);
  if (stranger !== undefined) return `the call has no argument ${quoted(stranger)}; leave its bound out`;
  if (![...bounds.values()].some(isLoose)) return [condition('args', 'eq', args)];
  const names = Object.keys(args);
  const conditions: JsonObject[] = [];
  for (const name of names) {
    const own = boundedConditions(name, args[name] ?? null, bounds.get(name) ?? { kind: 'exact' });
    if (typeof own === 'string') return own;
    conditions.push(...own);
  }
  // Each of them is there, so that there is no other one.
  return [...conditions, condition('args', 'length_lte', names.length)];
}

/** Calls that do not meet the conditions. */
export function unless(conditions: readonly Json[]): JsonObject {
  return objectOf([['not', objectOf([['all', conditions]])]]);
}
