import { isArray, type Json } from '../../wire/json.ts';
import { below } from '../problem.ts';
import { holdsAll } from './objects.ts';
import { satisfies } from './schema.ts';
import { entriesOf, type Spot, schemaAt, textsOf } from './spot.ts';

/** What a key brings with it: other keys, or another schema for the whole object. */
export function addDependents(spot: Spot): void {
  for (const [name, names] of entriesOf(spot, 'dependentRequired')) addNames(spot, 'dependentRequired', name, names);
  for (const [name, schema] of entriesOf(spot, 'dependentSchemas')) addSchema(spot, 'dependentSchemas', name, schema);
  for (const [name, value] of entriesOf(spot, 'dependencies')) {
    if (isArray(value)) addNames(spot, 'dependencies', name, value);
    else addSchema(spot, 'dependencies', name, value);
  }
}

function addNames(spot: Spot, key: string, name: string, value: Json): void {
  const names = textsOf(spot, key, value);
  spot.into.onObject.push((found, run) => !Object.hasOwn(found, name) || holdsAll(found, names, run));
}

function addSchema(spot: Spot, key: string, name: string, value: Json): void {
  const schema = schemaAt(spot.draft, value, below(below(spot.pointer, key), name));
  spot.into.onObject.push((found, run) => !Object.hasOwn(found, name) || satisfies(schema, found, run));
}
