import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { below } from '../problem.ts';
import { namesSecret } from '../secrets/names-secret.ts';
import { isSecretKey } from '../secrets/secret-key.ts';
import type { Observation } from './observation.ts';

/** What has no parts; null counts as absent. */
export type Scalar = string | number | boolean;
type ValueType = 'string' | 'number' | 'boolean' | 'array' | 'object';

/** Least and greatest of some numbers, with the calls in which they stood. */
interface Span {
  least: number;
  most: number;
  leastId: string;
  mostId: string;
}

/** All that was seen at one place of the arguments of one entry. */
export interface Seen {
  /** How often what holds it was there. */
  chances: number;
  /** How often it was there itself; null is absent. */
  present: number;
  /** How often it was null. */
  nulls: number;
  /** How often its value was not kept. */
  hidden: number;
  readonly hiddenTypes: Set<string | undefined>;
  readonly types: Map<ValueType, number>;
  /** How often each value stood there, and in which call first. */
  readonly values: Map<Scalar, { count: number; readonly id: string }>;
  numbers: Span | undefined;
  /** Elements of arrays, keys of objects. */
  lengths: Span | undefined;
  readonly keys: Map<string, Seen>;
  /** The elements of arrays. */
  each: Seen | undefined;
}

/** Deeper values are seen as a whole. */
const DEEPEST = 4;
/** Of objects with more keys the keys are taken for values. */
const MOST_KEYS = 24;
const MOST_ARGUMENTS = 100;
const NONE: ReadonlyMap<string, string | undefined> = new Map();

function nothingSeen(): Seen {
  return {
    chances: 0,
    present: 0,
    nulls: 0,
    hidden: 0,
    hiddenTypes: new Set(),
    types: new Map(),
    values: new Map(),
    numbers: undefined,
    lengths: undefined,
    keys: new Map(),
    each: undefined,
  };
}

/** All arguments of some calls, put together. */
export function seenIn(observations: readonly Observation[]): Seen {
  const root = nothingSeen();
  for (const { id, args, hidden } of observations) {
    root.chances += 1;
    if (hidden.has('')) hide(root, hidden.get(''));
    else look(root, args, { id, hidden, pointer: '', depth: 0 });
  }
  return root;
}

interface Looking {
  readonly id: string;
  readonly hidden: Observation['hidden'];
  readonly pointer: string;
  readonly depth: number;
}

function look(seen: Seen, value: Json, looking: Looking): void {
  const { hidden, pointer, id } = looking;
  if (hidden.size > 0 && hidden.has(pointer)) return hide(seen, hidden.get(pointer));
  if (value === null) {
    seen.nulls += 1;
    return;
  }
  // A number that no double holds: no rule could be written with it.
  if (isObject(value) && JSON.isRawJSON(value)) return hide(seen, undefined);
  seen.present += 1;
  const type = typeOf(value);
  seen.types.set(type, (seen.types.get(type) ?? 0) + 1);
  if (isArray(value)) return lookAtArray(seen, value, looking);
  if (isObject(value)) return lookAtObject(seen, value, looking);
  if (typeof value === 'number') seen.numbers = widened(seen.numbers, value, id);
  const known = seen.values.get(value);
  if (known === undefined) seen.values.set(value, { count: 1, id });
  else known.count += 1;
}

function hide(seen: Seen, type: string | undefined): void {
  seen.present += 1;
  seen.hidden += 1;
  seen.hiddenTypes.add(type);
}

function lookAtArray(seen: Seen, array: readonly Json[], looking: Looking): void {
  seen.lengths = widened(seen.lengths, array.length, looking.id);
  if (looking.depth === DEEPEST) return;
  seen.each ??= nothingSeen();
  for (const [index, element] of array.entries()) {
    seen.each.chances += 1;
    look(seen.each, element, within(looking, index));
  }
}

/** What a key names as a secret is never looked at. */
function lookAtObject(seen: Seen, object: JsonObject, looking: Looking): void {
  const names = Object.keys(object);
  seen.lengths = widened(seen.lengths, names.length, looking.id);
  if (looking.depth === DEEPEST) return;
  const isNamed = namesSecret(object, 'log');
  for (const key of names) {
    const known = seen.keys.get(key) ?? nothingSeen();
    if (seen.keys.size <= MOST_ARGUMENTS) seen.keys.set(key, known);
    const value = object[key] ?? null;
    const inner = within(looking, key);
    const isSecret = (isNamed && key === 'value') || isSecretKey(key, 'log');
    if (isSecret && value !== null && !inner.hidden.has(inner.pointer)) hide(known, typeOf(value));
    else look(known, value, inner);
  }
}

function within(looking: Looking, step: string | number): Looking {
  const { id, hidden, pointer, depth } = looking;
  if (hidden.size === 0) return { id, hidden: NONE, pointer, depth: depth + 1 };
  return { id, hidden, pointer: below(pointer, step), depth: depth + 1 };
}

function widened(span: Span | undefined, value: number, id: string): Span {
  if (span === undefined) return { least: value, most: value, leastId: id, mostId: id };
  if (value < span.least) Object.assign(span, { least: value, leastId: id });
  if (value > span.most) Object.assign(span, { most: value, mostId: id });
  return span;
}

function typeOf(value: Exclude<Json, null>): ValueType {
  if (isArray(value)) return 'array';
  if (isObject(value)) return 'object';
  return typeof value === 'string' ? 'string' : typeof value === 'number' ? 'number' : 'boolean';
}

/** Whether an object is used as a map; `root`: all arguments together. */
export function isMap({ keys }: Seen, place: 'root' | 'inside'): boolean {
  return keys.size > (place === 'root' ? MOST_ARGUMENTS : MOST_KEYS);
}
