import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-list.ts';
import { judgeTyped } from './naive-typed.ts';
import { isSame, isSameToServer, negate, type Side, some, type Three, three } from './naive-value.ts';

/** Longer texts cannot be judged. */
const LONGEST = 1_000_000;

/** What one operator says of one value, `undefined` standing for "absent". */
export function judgeValue(reached: Json | undefined, condition: JsonObject, side: Side): Three {
  const op = String(condition['op']);
  const value = condition['value'] ?? null;
  if (reached === undefined) return three(op === 'exists' && value === false);
  if (reached === null && !doesNullCount(op, value)) return three(op === 'exists' && value === false);
  if (typeof reached === 'string' && reached.length > LONGEST) return 'unknown';
  switch (op) {
    case 'exists':
      return three(value === true);
    case 'type':
      return three(isOfType(reached, String(value)));
    case 'eq':
      return equal(reached, value, side);
    case 'neq':
      return negate(equal(reached, value, side));
    case 'in':
      return some(list(condition, 'value').map((one) => equal(reached, one, side)));
    case 'not_in':
      return negate(some(list(condition, 'value').map((one) => equal(reached, one, side))));
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (typeof value === 'string')
        return typeof reached === 'string' ? three(isDayOrdered(reached, op, value)) : 'unknown';
      return typeof reached === 'number' ? three(isOrdered(reached, op, Number(value))) : 'unknown';
    case 'length_lt':
    case 'length_lte':
    case 'length_gt':
    case 'length_gte':
      return measured(reached, op.slice('length_'.length), Number(value));
    case 'contains':
      return contains(reached, value, side, condition);
    case 'not_contains':
      return negate(contains(reached, value, side, condition));
    default:
      return typeof reached === 'string' ? judgeText(reached, op, condition) : 'unknown';
  }
}

/** `null` is absent but for `type`, and for `eq`/`in` whose value is or holds `null`. */
function doesNullCount(op: string, value: Json): boolean {
  return op === 'type' || (op === 'eq' && value === null) || (op === 'in' && isArray(value) && value.includes(null));
}

function isOfType(reached: Json, type: string): boolean {
  if (reached === null) return type === 'null';
  if (isArray(reached)) return type === 'array';
  if (isObject(reached)) return type === 'object';
  return type === 'integer' ? Number.isInteger(reached) : type === typeof reached;
}

function equal(reached: Json, value: Json, side: Side): Three {
  return side === 'require' ? three(isSame(reached, value)) : isSameToServer(reached, value);
}

function isOrdered(left: number, op: string, right: number): boolean {
  if (left === right) return op === 'lte' || op === 'gte';
  return left < right ? op === 'lt' || op === 'lte' : op === 'gt' || op === 'gte';
}

function isDayOrdered(left: string, op: string, right: string): boolean {
  return isOrdered(Date.parse(left), op, Date.parse(right));
}

/** Texts are measured in code points. */
function measured(reached: Json, op: string, bound: number): Three {
  if (typeof reached === 'string') return three(isOrdered([...reached].length, op, bound));
  if (isArray(reached)) return three(isOrdered(reached.length, op, bound));
  return isObject(reached) ? three(isOrdered(Object.keys(reached).length, op, bound)) : 'unknown';
}

function contains(reached: Json, value: Json, side: Side, condition: JsonObject): Three {
  const alike = (one: Json): Json => (typeof one === 'string' ? inCase(one, condition) : one);
  if (isArray(reached)) return some(reached.map((element) => equal(alike(element), alike(value), side)));
  if (typeof reached !== 'string' || typeof value !== 'string') return 'unknown';
  return three(inCase(reached, condition).includes(inCase(value, condition)));
}

function judgeText(reached: string, op: string, condition: JsonObject): Three {
  const value = typeof condition['value'] === 'string' ? condition['value'] : '';
  switch (op) {
    case 'regex':
      return three(new RegExp(value, isCaseIgnored(condition) ? 'i' : '').test(reached));
    case 'not_regex':
      return negate(judgeText(reached, 'regex', condition));
    case 'starts_with':
      return three(inCase(reached, condition).startsWith(inCase(value, condition)));
    case 'ends_with':
      return three(inCase(reached, condition).endsWith(inCase(value, condition)));
    default:
      return judgeTyped(reached, condition);
  }
}

function inCase(text: string, condition: JsonObject): string {
  return isCaseIgnored(condition) ? text.toLowerCase() : text;
}

function isCaseIgnored(condition: JsonObject): boolean {
  return condition['ignore_case'] === true;
}
