import { isArray, type Json, type JsonArray, type JsonObject } from '../../wire/json.ts';
import { quoted } from '../problem.ts';
import { miss, type Run, spend } from './run.ts';
import { Stop } from './stop.ts';

/** Whether a value satisfies one keyword. `since` is where the notes of the schema that holds the keyword begin. */
export type Check<T extends Json> = (value: T, run: Run, since: number) => boolean;

/** A compiled schema: what is checked of each kind of value, in order. Filled while compiling, then never again. */
export interface Schema {
  readonly onNumber: Check<number>[];
  readonly onString: Check<string>[];
  readonly onArray: Check<JsonArray>[];
  readonly onObject: Check<JsonObject>[];
  readonly onRest: Check<boolean | null>[];
  /** The schema `false`. */
  readonly isNever: boolean;
}

export function newSchema(): Schema {
  return { onNumber: [], onString: [], onArray: [], onObject: [], onRest: [], isNever: false };
}

export function neverSchema(): Schema {
  const schema: Schema = { ...newSchema(), isNever: true };
  addCheck(schema, (_value, run) => miss(run, 'be left out'));
  return schema;
}

/** Adds a check for values of every kind. */
export function addCheck(schema: Schema, check: Check<Json>): void {
  schema.onNumber.push(check);
  schema.onString.push(check);
  schema.onArray.push(check);
  schema.onObject.push(check);
  schema.onRest.push(check);
}

/** Whether a schema asks anything of any value: `true`, `{}` and mere descriptions do not. */
export function saysSomething(schema: Schema): boolean {
  const lists = [schema.onNumber, schema.onString, schema.onArray, schema.onObject, schema.onRest];
  return lists.some((list) => list.length > 0);
}

export function satisfies(schema: Schema, value: Json, run: Run): boolean {
  spend(run, 1);
  if (run.levels === 0) throw new Stop('its schema refers to itself too often');
  run.levels--;
  const passes = passesAll(schema, value, run);
  run.levels++;
  return passes;
}

function passesAll(schema: Schema, value: Json, run: Run): boolean {
  if (typeof value === 'string') return every(schema.onString, value, run);
  if (typeof value === 'number') return every(schema.onNumber, value, run);
  if (typeof value === 'boolean' || value === null) return every(schema.onRest, value, run);
  return isArray(value) ? every(schema.onArray, value, run) : every(schema.onObject, value, run);
}

function every<T extends Json>(checks: readonly Check<T>[], value: T, run: Run): boolean {
  const since = run.notes.length;
  for (const check of checks) {
    spend(run, 1);
    if (!check(value, run, since)) return false;
  }
  return true;
}

/** The same for a member of the value at hand. */
export function memberSatisfies(schema: Schema, key: string | number, member: Json, run: Run): boolean {
  if (schema.isNever)
    return miss(run, typeof key === 'string' ? `hold no property ${quoted(key)}` : `end before ${key}`);
  run.path.push(key);
  const passes = satisfies(schema, member, run);
  run.path.pop();
  return passes;
}

/** The same where failing is an answer, not a fault. */
export function quietlySatisfies(schema: Schema, value: Json, run: Run): boolean {
  run.quiet++;
  const passes = satisfies(schema, value, run);
  run.quiet--;
  return passes;
}
