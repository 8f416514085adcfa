import type { Json, JsonObject } from '../../wire/json.ts';
import { quoted } from '../problem.ts';
import type { CompiledSearch } from '../regex.ts';
import { isFound, miss, note, type Run, spend } from './run.ts';
import { memberSatisfies, quietlySatisfies, type Schema, saysSomething } from './schema.ts';
import { countOf, innerSchema, keywordOf, namedSchemas, type Spot, searchOf, textsOf } from './spot.ts';
import { counted } from './strings.ts';

/** The keywords of objects but those that depend on a key, and `unevaluatedProperties`. */
export function addObjectChecks(spot: Spot): void {
  const required = keywordOf(spot, 'required');
  if (required !== undefined) {
    const names = textsOf(spot, 'required', required);
    spot.into.onObject.push((value, run) => holdsAll(value, names, run));
  }
  addSize(spot);
  const names = innerSchema(spot, 'propertyNames');
  if (names !== undefined) {
    spot.into.onObject.push((value, run) =>
      Object.keys(value).every(
        (key) => quietlySatisfies(names, key, run) || miss(run, `hold no property ${quoted(key)}`),
      ),
    );
  }
  addMembers(spot);
}

export function holdsAll(value: JsonObject, names: readonly string[], run: Run): boolean {
  spend(run, names.length);
  for (const name of names) {
    if (!Object.hasOwn(value, name)) return miss(run, `hold the property ${quoted(name)}`);
  }
  return true;
}

function addSize(spot: Spot): void {
  const least = countOf(spot, 'minProperties');
  const most = countOf(spot, 'maxProperties') ?? Number.POSITIVE_INFINITY;
  if (least === undefined && most === Number.POSITIVE_INFINITY) return;
  const tooFew = `hold at least ${counted(least ?? 0, 'property', 'properties')}`;
  const tooMany = `hold at most ${counted(most, 'property', 'properties')}`;
  spot.into.onObject.push((value, run) => {
    const { length } = Object.keys(value);
    spend(run, length);
    if (length < (least ?? 0)) return miss(run, tooFew);
    return length <= most || miss(run, tooMany);
  });
}

interface Members {
  readonly named: ReadonlyMap<string, Schema>;
  readonly patterns: readonly { readonly search: CompiledSearch; readonly schema: Schema }[];
  readonly rest: Schema | undefined;
}

function addMembers(spot: Spot): void {
  const named = new Map(namedSchemas(spot, 'properties'));
  const patterns = namedSchemas(spot, 'patternProperties').map(([pattern, schema]) => {
    return { search: searchOf(spot, 'patternProperties', pattern), schema };
  });
  const members: Members = { named, patterns, rest: innerSchema(spot, 'additionalProperties') };
  if (named.size === 0 && patterns.length === 0 && members.rest === undefined) return;
  spot.into.onObject.push((value, run) => {
    const keys = Object.keys(value);
    spend(run, keys.length);
    for (const key of keys) {
      if (!passesMember(members, value, key, value[key] ?? null, run)) return false;
    }
    return true;
  });
}

function passesMember(
  { named, patterns, rest }: Members,
  owner: JsonObject,
  key: string,
  member: Json,
  run: Run,
): boolean {
  const own = named.get(key);
  if (own !== undefined && !memberSatisfies(own, key, member, run)) return false;
  let isNamed = own !== undefined;
  for (const { search, schema } of patterns) {
    if (!isFound(run, search, key)) continue;
    if (!memberSatisfies(schema, key, member, run)) return false;
    isNamed = true;
  }
  if (!isNamed) {
    if (rest === undefined) return true;
    if (!memberSatisfies(rest, key, member, run)) return false;
    isNamed = saysSomething(rest);
  }
  note(run, { owner, key, isNamed });
  return true;
}
