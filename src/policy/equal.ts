import { isArray, isObject, type Json, type JsonArray, type JsonObject } from '../wire/json.ts';
import { isScalar, type Scalar, type ScalarType, spelling, typeOfScalar } from './spelling.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/**
 * How values are compared: `exact` without any coercion; `wary` answers unknown where a server that coerces would take
 * the one scalar for the other.
 */
export type Comparison = 'exact' | 'wary';

/** Deep equality. Keys have no order; numbers compare by value. Recurses no deeper than `wanted`. */
export function equal(wanted: Json, found: Json, comparison: Comparison): Truth {
  if (wanted === found) return TRUE;
  if (isArray(wanted)) return isArray(found) ? equalArrays(wanted, found, comparison) : FALSE;
  if (isObject(wanted)) return isObject(found) ? equalObjects(wanted, found, comparison) : FALSE;
  if (comparison === 'exact' || !isScalar(found) || typeOfScalar(wanted) === typeOfScalar(found)) return FALSE;
  return spelling(wanted) === spelling(found) ? UNKNOWN : FALSE;
}

function equalArrays(wanted: JsonArray, found: JsonArray, comparison: Comparison): Truth {
  if (wanted.length !== found.length) return FALSE;
  let least: Truth = TRUE;
  for (let index = 0; index < wanted.length; index++) {
    const result = equal(wanted[index] ?? null, found[index] ?? null, comparison);
    if (result === FALSE) return FALSE;
    if (result === UNKNOWN) least = UNKNOWN;
  }
  return least;
}

function equalObjects(wanted: JsonObject, found: JsonObject, comparison: Comparison): Truth {
  const keys = Object.keys(wanted);
  if (keys.length !== Object.keys(found).length) return FALSE;
  let least: Truth = TRUE;
  for (const key of keys) {
    if (!Object.hasOwn(found, key)) return FALSE;
    const result = equal(wanted[key] ?? null, found[key] ?? null, comparison);
    if (result === FALSE) return FALSE;
    if (result === UNKNOWN) least = UNKNOWN;
  }
  return least;
}

/** Wanted values, ready for asking whether a found one is among them. */
export interface Members {
  readonly scalars: ReadonlySet<Json>;
  /** How the scalars are spelt, and of which types those are that are spelt so. */
  readonly spellings: ReadonlyMap<string, ScalarType | 'several'>;
  /** The type of all scalars, where they have but one. */
  readonly type: ScalarType | 'several' | undefined;
  readonly deep: JsonArray;
}

export function membersOf(values: JsonArray): Members {
  const scalars = new Set<Scalar>();
  const spellings = new Map<string, ScalarType | 'several'>();
  let type: ScalarType | 'several' | undefined;
  for (const value of values) {
    if (!isScalar(value)) continue;
    const own = typeOfScalar(value);
    const spelt = spelling(value);
    scalars.add(value);
    spellings.set(spelt, merged(spellings.get(spelt), own));
    type = merged(type, own);
  }
  return { scalars, spellings, type, deep: values.filter((value) => !isScalar(value)) };
}

function merged(before: ScalarType | 'several' | undefined, type: ScalarType): ScalarType | 'several' {
  return before === undefined || before === type ? type : 'several';
}

/** Whether the found value equals one of the wanted ones: the greatest of all comparisons, in one step for scalars. */
export function isMember(members: Members, found: Json, comparison: Comparison): Truth {
  if (isScalar(found)) {
    if (members.scalars.has(found)) return TRUE;
    const own = typeOfScalar(found);
    if (comparison === 'exact' || members.type === undefined || members.type === own) return FALSE;
    const type = members.spellings.get(spelling(found));
    return type === undefined || type === own ? FALSE : UNKNOWN;
  }
  let greatest: Truth = FALSE;
  for (const wanted of members.deep) {
    const result = equal(wanted, found, comparison);
    if (result === TRUE) return TRUE;
    if (result === UNKNOWN) greatest = UNKNOWN;
  }
  return greatest;
}
