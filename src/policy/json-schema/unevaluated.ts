import type { JsonArray, JsonObject } from '../../wire/json.ts';
import { note, type Run, spend } from './run.ts';
import { memberSatisfies, saysSomething } from './schema.ts';
import { innerSchema, type Spot } from './spot.ts';

/** `unevaluatedProperties` and `unevaluatedItems`: for what no other part of the schema looked at. They come last. */
export function addUnevaluated(spot: Spot): void {
  const properties = innerSchema(spot, 'unevaluatedProperties');
  if (properties !== undefined) {
    spot.draft.hasUnevaluated = true;
    spot.into.onObject.push((value, run, since) => {
      const noted = notedKeys(value, run, since);
      for (const key of Object.keys(value)) {
        if (noted.has(key)) continue;
        if (!memberSatisfies(properties, key, value[key] ?? null, run)) return false;
        note(run, { owner: value, key, isNamed: saysSomething(properties) });
      }
      return true;
    });
  }
  const items = innerSchema(spot, 'unevaluatedItems');
  if (items === undefined) return;
  spot.draft.hasUnevaluated = true;
  spot.into.onArray.push((value, run, since) => {
    const noted = notedKeys(value, run, since);
    for (let index = 0; index < value.length; index++) {
      if (noted.has(index)) continue;
      if (!memberSatisfies(items, index, value[index] ?? null, run)) return false;
      note(run, { owner: value, key: index, isNamed: saysSomething(items) });
    }
    return true;
  });
}

/** A value read from a text is a tree: its parts are told apart by identity. */
function notedKeys(value: JsonArray | JsonObject, run: Run, since: number): ReadonlySet<string | number> {
  spend(run, run.notes.length - since);
  const keys = new Set<string | number>();
  for (let index = since; index < run.notes.length; index++) {
    const one = run.notes[index];
    if (one?.owner === value) keys.add(one.key);
  }
  return keys;
}
