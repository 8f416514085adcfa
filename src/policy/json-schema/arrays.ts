import { isArray, type Json, type JsonArray } from '../../wire/json.ts';
import type { Dialect } from './dialect.ts';
import { forget, miss, note, type Run, spend, textOf } from './run.ts';
import { memberSatisfies, quietlySatisfies, type Schema, saysSomething } from './schema.ts';
import { countOf, innerSchema, innerSchemas, keywordOf, refuse, type Spot } from './spot.ts';
import { counted } from './strings.ts';

/** The keywords of arrays but `unevaluatedItems`. */
export function addArrayChecks(spot: Spot): void {
  const least = countOf(spot, 'minItems');
  if (least !== undefined) {
    const wants = `hold at least ${counted(least, 'item')}`;
    spot.into.onArray.push((items, run) => items.length >= least || miss(run, wants));
  }
  const most = countOf(spot, 'maxItems');
  if (most !== undefined) {
    const wants = `hold at most ${counted(most, 'item')}`;
    spot.into.onArray.push((items, run) => items.length <= most || miss(run, wants));
  }
  addItems(spot);
  addContains(spot);
  const unique = keywordOf(spot, 'uniqueItems');
  if (unique === undefined || unique === false) return;
  if (unique !== true) return refuse(spot, 'uniqueItems', 'must be true or false');
  spot.into.onArray.push((items, run) => isUnique(items, run) || miss(run, 'hold no item twice'));
}

function addItems(spot: Spot): void {
  const { first, rest } = tupleOf(spot);
  if (first.length === 0 && rest === undefined) return;
  spot.into.onArray.push((items, run) => {
    let index = 0;
    for (const item of items) {
      const own = first[index];
      const schema = own ?? rest;
      if (schema === undefined) break;
      if (!memberSatisfies(schema, index, item, run)) return false;
      if (run.isNoting) note(run, { owner: items, key: index, isNamed: own !== undefined || saysSomething(schema) });
      index++;
    }
    return true;
  });
}

interface Tuple {
  readonly first: readonly Schema[];
  readonly rest: Schema | undefined;
}

function tupleOf(spot: Spot): Tuple {
  if (!isArray(keywordOf(spot, 'items'))) {
    return { first: placesOf(spot, 'prefixItems'), rest: innerSchema(spot, 'items') };
  }
  if (spot.draft.dialect.tuples === 'prefixItems') refuse(spot, 'items', 'must be one schema; write prefixItems');
  if (keywordOf(spot, 'prefixItems') !== undefined) refuse(spot, 'items', 'must be one schema beside prefixItems');
  return { first: placesOf(spot, 'items'), rest: innerSchema(spot, 'additionalItems') };
}

function placesOf(spot: Spot, key: string): readonly Schema[] {
  const value = keywordOf(spot, key);
  return isArray(value) && value.length === 0 ? [] : (innerSchemas(spot, key) ?? []);
}

function addContains(spot: Spot): void {
  const schema = innerSchema(spot, 'contains');
  const least = countOf(spot, 'minContains') ?? 1;
  const most = countOf(spot, 'maxContains') ?? Number.POSITIVE_INFINITY;
  if (schema === undefined) return;
  const tooFew = `hold at least ${counted(least, 'item')} of the kind that the schema wants`;
  const tooMany = `hold at most ${counted(most, 'item')} of the kind that the schema bounds`;
  spot.into.onArray.push((items, run) => {
    const count = countMatching(schema, items, run, spot.draft.dialect.contained);
    if (count < least) return miss(run, tooFew);
    return count <= most || miss(run, tooMany);
  });
}

function countMatching(schema: Schema, items: JsonArray, run: Run, contained: Dialect['contained']): number {
  let count = 0;
  items.forEach((item, index) => {
    const since = run.notes.length;
    if (quietlySatisfies(schema, item, run)) {
      count++;
      if (contained === 'evaluated') note(run, { owner: items, key: index, isNamed: saysSomething(schema) });
    } else {
      forget(run, since);
    }
  });
  return count;
}

function isUnique(items: JsonArray, run: Run): boolean {
  const scalars = new Set<Json>();
  const texts = new Set<string>();
  spend(run, items.length);
  for (const item of items) {
    if (typeof item === 'object' && item !== null) texts.add(textOf(run, item));
    else scalars.add(item);
  }
  return scalars.size + texts.size === items.length;
}
