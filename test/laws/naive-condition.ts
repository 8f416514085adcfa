import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { judgeAt, stepsOf } from './naive-path.ts';
import { every, isSame, isSameToServer, negate, type Side, some, type Three, three } from './naive-value.ts';

/** Longer texts cannot be judged. */
const LONGEST = 1_000_000;

/** What the roots of paths stand for in one call; the time comes by zone. */
export interface Scene {
  readonly roots: JsonObject;
  timeIn(zone: string): JsonObject;
}

/** Judges an entry of `require` or `deny_if`: its conditions are ANDed. */
export function judgeEntry(entry: Json, scene: Scene, side: Side): Three {
  return every(list(entry, 'conditions').map((condition) => judgeCondition(condition, scene, side, false)));
}

function judgeCondition(condition: Json, scene: Scene, side: Side, negated: boolean): Three {
  if (!isObject(condition)) throw new Error('naive engine: a condition is an object');
  if (condition['not'] !== undefined) return judgeCondition(condition['not'], scene, side, !negated);
  if (condition['all'] !== undefined) {
    const judged = list(condition, 'all').map((part) => judgeCondition(part, scene, side, negated));
    return negated ? some(judged) : every(judged);
  }
  if (condition['any'] !== undefined) {
    const judged = list(condition, 'any').map((part) => judgeCondition(part, scene, side, negated));
    return negated ? every(judged) : some(judged);
  }
  const zone = condition['timezone'];
  const roots = { ...scene.roots, time: scene.timeIn(typeof zone === 'string' ? zone : 'UTC') };
  return judgeAt(roots, stepsOf(String(condition['path'])), side, (reached) => {
    const judged = test(reached, condition, side);
    return negated ? negate(judged) : judged;
  });
}

function test(reached: Json | undefined, condition: JsonObject, side: Side): Three {
  const op = condition['op'];
  const value = condition['value'] ?? null;
  const nullCounts = (op === 'eq' && value === null) || (op === 'in' && isArray(value) && value.includes(null));
  if (reached === undefined || (reached === null && !nullCounts)) return three(op === 'exists' && value === false);
  if (typeof reached === 'string' && reached.length > LONGEST) return 'unknown';
  switch (op) {
    case 'exists':
      return three(value === true);
    case 'eq':
      return equal(reached, value, side);
    case 'neq':
      return negate(equal(reached, value, side));
    case 'in':
      return some(list(condition, 'value').map((one) => equal(reached, one, side)));
    case 'not_in':
      return negate(some(list(condition, 'value').map((one) => equal(reached, one, side))));
    case 'lt':
      return ordered(reached, value, (a, b) => a < b);
    case 'lte':
      return ordered(reached, value, (a, b) => a <= b);
    case 'gt':
      return ordered(reached, value, (a, b) => a > b);
    case 'gte':
      return ordered(reached, value, (a, b) => a >= b);
    case 'regex':
      return matched(reached, String(value), condition['ignore_case'] === true);
    case 'contains':
      return contains(reached, value, side, condition['ignore_case'] === true);
    default:
      throw new Error(`naive engine: no operator ${String(op)}`);
  }
}

function equal(reached: Json, value: Json, side: Side): Three {
  return side === 'deny_if' ? isSameToServer(reached, value) : three(isSame(reached, value));
}

function ordered(reached: Json, value: Json, compare: (a: number, b: number) => boolean): Three {
  return typeof reached === 'number' && typeof value === 'number' ? three(compare(reached, value)) : 'unknown';
}

function matched(reached: Json, pattern: string, ignoreCase: boolean): Three {
  return typeof reached === 'string' ? three(new RegExp(pattern, ignoreCase ? 'i' : '').test(reached)) : 'unknown';
}

function contains(reached: Json, value: Json, side: Side, ignoreCase: boolean): Three {
  if (isArray(reached)) return some(reached.map((element) => equal(element, value, side)));
  if (typeof reached !== 'string' || typeof value !== 'string') return 'unknown';
  return three(ignoreCase ? reached.toLowerCase().includes(value.toLowerCase()) : reached.includes(value));
}

/** The array under a key; empty where there is none. */
export function list(value: Json | undefined, key: string): readonly Json[] {
  const found = isObject(value) ? value[key] : undefined;
  return isArray(found) ? found : [];
}
