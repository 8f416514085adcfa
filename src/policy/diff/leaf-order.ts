import { isArray, isObject, type Json, type JsonArray } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Leaf } from './leaf.ts';
import { isRangesIn } from './range-order.ts';

const ORDERED: readonly string[] = ['lt', 'lte', 'gt', 'gte'];
/** They hold for what is absent, or for null. */
const OF_NOTHING: readonly string[] = ['exists', 'type'];
/** macOS has other names for folders in here, so that one may lie in another which does not look like it. */
const ALIASED = /^\/+(?:private|system)(?:\/|$)/i;

/**
 * Whether the second bites wherever the first does, whatever the call: where true is needed and where unknown is enough.
 * `false` also stands for what is not known.
 */
export function leafAtMost(a: Leaf, b: Leaf): boolean {
  if (a.text === b.text) return true;
  if (a.placeText !== b.placeText) return false;
  if (a.sign === 'plain') return b.sign === 'plain' ? isAtMost(a, b) : isDenial(a, b);
  return b.sign === 'negated' && isAtMost(b, a);
}

/** For every single value; `[*]`, and paths that lead nowhere, keep the order. */
function isAtMost(a: Leaf, b: Leaf): boolean {
  if (b.op === 'exists' && b.value === true) return !OF_NOTHING.includes(a.op) && !holdsNull(a);
  if (a.op === 'in' && ORDERED.includes(b.op)) return listed(a).every((member) => isWithinBound(member, b));
  if (ORDERED.includes(a.op) && ORDERED.includes(b.op)) return isBelow(a, b);
  if (a.op !== b.op || a.letters !== b.letters) return false;
  switch (a.op) {
    case 'in':
    case 'url_host_in':
    case 'url_scheme_in':
    case 'email_domain_in':
      return isSubset(listed(a), listed(b));
    case 'not_in':
      return isSubset(listed(b), listed(a));
    case 'path_within':
      return listed(a).every((folder) => listed(b).some((other) => isFolderIn(folder, other)));
    case 'ip_in':
      return isRangesIn(listed(a), listed(b));
    case 'length_lte':
      return Number(a.value) <= Number(b.value);
    case 'length_gte':
      return Number(a.value) >= Number(b.value);
    case 'starts_with':
      return a.letters === 'as written' && String(a.value).startsWith(String(b.value));
    case 'ends_with':
      return a.letters === 'as written' && String(a.value).endsWith(String(b.value));
    case 'type':
      return a.value === 'integer' && b.value === 'number';
    case 'sql_only':
      return isLessSql(a.value, b.value);
    default:
      return false;
  }
}

/** `neq 5` and `not eq 5`: the second holds for what is absent as well. */
function isDenial(a: Leaf, negated: Leaf): boolean {
  if (a.letters !== negated.letters || a.op !== `not_${negated.op}`) return false;
  if (a.op === 'not_in') return isSubset(listed(negated), listed(a));
  return canonicalJson(a.value) === canonicalJson(negated.value);
}

function listed({ value }: Leaf): JsonArray {
  return isArray(value) ? value : [value];
}

function holdsNull(leaf: Leaf): boolean {
  return leaf.op === 'in' && listed(leaf).includes(null);
}

function isSubset(few: JsonArray, many: JsonArray): boolean {
  const texts = new Set(many.map(canonicalJson));
  return few.every((one) => texts.has(canonicalJson(one)));
}

function isWithinBound(member: Json, { op, value }: Leaf): boolean {
  // A bound that is a text is a day, and so are the members beside it.
  if (typeof member === 'string' && typeof value === 'string') return isBetween(op, member < value, member === value);
  if (typeof member !== 'number' || typeof value !== 'number') return false;
  return isBetween(op, member < value, member === value);
}

function isBetween(op: string, isLess: boolean, isSame: boolean): boolean {
  switch (op) {
    case 'lt':
      return isLess;
    case 'lte':
      return isLess || isSame;
    case 'gt':
      return !isLess && !isSame;
    default:
      return !isLess;
  }
}

function isBelow(a: Leaf, b: Leaf): boolean {
  if (a.op.startsWith('l') !== b.op.startsWith('l')) return false;
  const [x, y] = typeof a.value === 'string' ? [dayNumber(a), dayNumber(b)] : [Number(a.value), Number(b.value)];
  // `lte 5` is not within `lt 5`, and so above.
  if (x === y) return a.op === b.op || b.op.endsWith('e');
  return a.op.startsWith('l') ? x < y : x > y;
}

/** `2026-12-31` as 20261231. */
function dayNumber({ value }: Leaf): number {
  return Number(String(value).replaceAll('-', ''));
}

function isFolderIn(folder: Json, other: Json): boolean {
  if (folder === other) return true;
  if (typeof folder !== 'string' || typeof other !== 'string') return false;
  if (ALIASED.test(folder) || ALIASED.test(other) || !folder.startsWith('/') || !other.startsWith('/')) return false;
  return folder.startsWith(other.endsWith('/') ? other : `${other}/`);
}

function isLessSql(a: Json, b: Json): boolean {
  if (!isObject(a) || !isObject(b) || a['dialect'] !== b['dialect']) return false;
  return ['kinds', 'functions'].every((key) => {
    const [few, many] = [a[key], b[key]];
    return isArray(few) && isArray(many) && isSubset(few, many);
  });
}
