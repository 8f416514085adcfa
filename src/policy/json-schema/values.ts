import { isArray, type Json } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import { miss, type Run, textOf } from './run.ts';
import { addCheck } from './schema.ts';
import { keywordOf, refuse, type Spot } from './spot.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['null', 'null'],
  ['boolean', 'true or false'],
  ['number', 'a number'],
  ['integer', 'a whole number'],
  ['string', 'a string'],
  ['array', 'an array'],
  ['object', 'an object'],
]);

/** `type`: a value must be of one of the types. 1.0 is an integer. */
export function addType(spot: Spot): void {
  const value = keywordOf(spot, 'type');
  if (value === undefined) return;
  const types = new Set<string>();
  const shown: string[] = [];
  for (const type of isArray(value) ? value : [value]) {
    const words = typeof type === 'string' ? TYPES.get(type) : undefined;
    if (typeof type !== 'string' || words === undefined) {
      return refuse(spot, 'type', `must be one or more of ${[...TYPES.keys()].join(', ')}`);
    }
    types.add(type);
    shown.push(words);
  }
  if (types.size === 0) refuse(spot, 'type', 'must name a type');
  const wants = `be ${shown.join(' or ')}`;
  const refused = (_value: Json, run: Run): boolean => miss(run, wants);
  const { into } = spot;
  if (!types.has('string')) into.onString.push(refused);
  if (!types.has('array')) into.onArray.push(refused);
  if (!types.has('object')) into.onObject.push(refused);
  if (!types.has('number')) {
    into.onNumber.push(types.has('integer') ? (found, run) => Number.isInteger(found) || miss(run, wants) : refused);
  }
  if (types.has('null') && types.has('boolean')) return;
  into.onRest.push((found, run) => types.has(found === null ? 'null' : 'boolean') || miss(run, wants));
}

/** `enum` and `const`: a value must equal one of these, deeply and without coercion. */
export function addEnum(spot: Spot): void {
  const values = keywordOf(spot, 'enum');
  if (values === undefined) return;
  if (!isArray(values)) return refuse(spot, 'enum', 'must be an array');
  addMembers(spot, values);
}

export function addConst(spot: Spot): void {
  const value = keywordOf(spot, 'const');
  if (value !== undefined) addMembers(spot, [value]);
}

function addMembers(spot: Spot, values: readonly Json[]): void {
  const scalars = new Set<Json>();
  const texts = new Set<string>();
  for (const value of values) {
    if (typeof value === 'object' && value !== null) texts.add(canonicalJson(value));
    else scalars.add(value);
  }
  const wants = wantsOneOf(values);
  addCheck(spot.into, (value, run) => {
    if (typeof value !== 'object' || value === null) return scalars.has(value) || miss(run, wants);
    return (texts.size > 0 && texts.has(textOf(run, value))) || miss(run, wants);
  });
}

/** Only plain words are repeated: what a server writes into its schema must not read as if the gateway said it. */
function wantsOneOf(values: readonly Json[]): string {
  const isPlain = values.every((value) => typeof value !== 'object' && /^[\w.-]{1,40}$/.test(String(value)));
  if (values.length <= 8 && isPlain) {
    const shown = values.map((value) => JSON.stringify(value)).join(', ');
    return values.length === 1 ? `be ${shown}` : `be one of ${shown}`;
  }
  return values.length === 1 ? 'be the one value that the schema gives' : 'be one of the values that the schema lists';
}
