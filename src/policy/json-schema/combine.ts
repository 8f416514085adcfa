import type { Json } from '../../wire/json.ts';
import { forget, type Miss, miss, type Run } from './run.ts';
import { addCheck, quietlySatisfies, type Schema, satisfies } from './schema.ts';
import { innerSchema, innerSchemas, type Spot } from './spot.ts';

/** The keywords that put schemas together: `allOf`, `anyOf`, `oneOf`, `not`, `if`. */
export function addCombinations(spot: Spot): void {
  const all = innerSchemas(spot, 'allOf');
  if (all !== undefined) addCheck(spot.into, (value, run) => all.every((schema) => satisfies(schema, value, run)));
  const any = innerSchemas(spot, 'anyOf');
  if (any !== undefined) addCheck(spot.into, (value, run) => passesAny(any, value, run));
  const one = innerSchemas(spot, 'oneOf');
  if (one !== undefined) addCheck(spot.into, (value, run) => passesOne(one, value, run));
  const not = innerSchema(spot, 'not');
  if (not !== undefined) {
    addCheck(spot.into, (value, run) => fails(not, value, run) || miss(run, 'not be what the schema excludes'));
  }
  addIf(spot);
}

function passesAny(schemas: readonly Schema[], value: Json, run: Run): boolean {
  const misses: Miss[] = [];
  let passes = false;
  for (const schema of schemas) {
    if (!passesBranch(schema, value, run, misses)) continue;
    // Every branch that passes may name members, where names are of interest.
    if (!run.isNoting) return true;
    passes = true;
  }
  return passes || missAll(run, misses, schemas.length);
}

function passesOne(schemas: readonly Schema[], value: Json, run: Run): boolean {
  const misses: Miss[] = [];
  let count = 0;
  for (const schema of schemas) {
    if (passesBranch(schema, value, run, misses) && ++count > 1) return miss(run, 'fit only one of its alternatives');
  }
  return count === 1 || missAll(run, misses, schemas.length);
}

function passesBranch(schema: Schema, value: Json, run: Run, misses: Miss[]): boolean {
  const since = run.notes.length;
  if (satisfies(schema, value, run)) return true;
  forget(run, since);
  if (run.quiet === 0 && run.miss !== undefined) misses.push(run.miss);
  return false;
}

/** Tells the one alternative that was meant, if only one was wrong further in; else all that would do. */
function missAll(run: Run, misses: readonly Miss[], count: number): false {
  const further = misses.filter((one) => one.path.length > run.path.length);
  if (further.length === 1) {
    run.miss = further[0];
    return false;
  }
  const wants = [...new Set(misses.map((one) => one.wants))];
  const areAllTold = further.length === 0 && misses.length === count && wants.length <= 4;
  return miss(run, areAllTold && wants.join('').length < 200 ? wants.join(' or ') : 'fit one of its alternatives');
}

/** Whether a value is refused; nothing is noted either way. */
function fails(schema: Schema, value: Json, run: Run): boolean {
  const since = run.notes.length;
  const passes = quietlySatisfies(schema, value, run);
  forget(run, since);
  return !passes;
}

function addIf(spot: Spot): void {
  const condition = innerSchema(spot, 'if');
  const then = innerSchema(spot, 'then');
  const otherwise = innerSchema(spot, 'else');
  if (condition === undefined) return;
  addCheck(spot.into, (value, run) => {
    const since = run.notes.length;
    const holds = quietlySatisfies(condition, value, run);
    if (!holds) forget(run, since);
    const next = holds ? then : otherwise;
    return next === undefined || satisfies(next, value, run);
  });
}
