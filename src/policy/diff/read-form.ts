import { isArray, isObject, type Json, type JsonArray, type JsonObject, objectOf } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Place } from '../look.ts';
import { zoneFormat } from '../moment.ts';
import { OPERATORS, type OperatorName } from '../operators.ts';
import { readPath } from '../path.ts';
import { readWindow } from '../window.ts';
import { ALWAYS, type Form, groupOf, leafForm } from './form.ts';
import { type Leaf, shown } from './leaf.ts';

type Sign = Leaf['sign'];

/** The form of ANDed conditions of a document that compiles. */
export function readForms(conditions: Json | undefined): Form {
  if (!isArray(conditions)) return ALWAYS;
  return groupOf(
    'all',
    conditions.map((condition) => readForm(condition, 'plain')),
  );
}

/** Under `not`, `all` and `any` change places, so that only leaves are negated: as the compiler does. */
function readForm(condition: Json, sign: Sign): Form {
  if (!isObject(condition)) return ALWAYS;
  const { not, all, any } = condition;
  if (not !== undefined) return readForm(not, sign === 'plain' ? 'negated' : 'plain');
  const parts = all ?? any;
  if (isArray(parts)) {
    const isAll = (all !== undefined) === (sign === 'plain');
    return groupOf(
      isAll ? 'all' : 'any',
      parts.map((part) => readForm(part, sign)),
    );
  }
  const leaf = readLeaf(condition, sign);
  return leaf === undefined ? ALWAYS : leafForm(leaf);
}

function readLeaf(condition: JsonObject, sign: Sign): Leaf | undefined {
  const place = placeOf(condition);
  const name = OPERATORS.find((known) => known.name === condition['op'])?.name;
  if (place === undefined || name === undefined) return undefined;
  const written = condition['value'] ?? null;
  const isAnyCase = condition['ignore_case'] === true;
  const head = `${String(condition['path'])} ${name}`;
  const words = `${head} ${shown(written)}${isAnyCase ? ' (any case)' : ''}`;
  return normalLeaf(place, condition, name, sign, head, words);
}

function normalLeaf(
  place: Place,
  condition: JsonObject,
  name: OperatorName,
  writtenSign: Sign,
  head: string,
  writtenWords: string,
): Leaf {
  const { op, value } = normal(name, condition['value'] ?? null);
  const isExists = op === 'exists' && writtenSign === 'negated';
  const sign = isExists ? 'plain' : writtenSign;
  const final = isExists ? value !== true : value;
  const letters = condition['ignore_case'] === true ? 'any case' : 'as written';
  const zone = typeof condition['timezone'] === 'string' ? condition['timezone'].toLowerCase() : 'utc';
  const placeText = JSON.stringify([place.path, zone, place.withinMs]);
  const text = `${sign === 'negated' ? '!' : ''}[${placeText},"${op}","${letters}",${canonicalJson(final)}]`;
  const beside = [
    ...(zone === 'utc' ? [] : [`in ${String(condition['timezone'])}`]),
    ...(condition['within'] === undefined ? [] : [`within ${shown(condition['within'])}`]),
  ];
  const plainWords = [writtenWords, ...beside].join(' ');
  const words = writtenSign === 'negated' ? `not (${plainWords})` : plainWords;
  return { place, placeText, op, value: final, letters, sign, text, head, words };
}

function placeOf(condition: JsonObject): Place | undefined {
  const path = readPath(String(condition['path']));
  if (typeof path === 'string') return undefined;
  const zone = typeof condition['timezone'] === 'string' ? zoneFormat(condition['timezone']) : undefined;
  const window = condition['within'] === undefined ? undefined : readWindow(condition['within']);
  return { path, zone, withinMs: window === undefined || typeof window === 'string' ? 0 : window.ms };
}

function normal(name: OperatorName, value: Json): { readonly op: OperatorName; readonly value: Json } {
  switch (name) {
    case 'eq':
      return { op: 'in', value: [value] };
    case 'neq':
      return { op: 'not_in', value: [value] };
    case 'in':
    case 'not_in':
    case 'ip_in':
      return { op: name, value: listOf(value) };
    case 'path_within':
      return { op: name, value: listOf(isArray(value) ? value : [value]) };
    case 'url_host_in':
    case 'url_scheme_in':
    case 'email_domain_in':
      return {
        op: name,
        value: listOf(isArray(value) ? value.map((one) => (typeof one === 'string' ? one.toLowerCase() : one)) : []),
      };
    case 'length_lt':
      return { op: 'length_lte', value: Number(value) - 1 };
    case 'length_gt':
      return { op: 'length_gte', value: Number(value) + 1 };
    case 'sql_only':
      return { op: name, value: sqlOf(value) };
    default:
      return { op: name, value };
  }
}

function sqlOf(value: Json): Json {
  if (!isObject(value)) return value;
  return objectOf([
    ['dialect', value['dialect'] ?? null],
    ['kinds', listOf(value['kinds'] ?? [])],
    ['functions', listOf(value['functions'] ?? [])],
  ]);
}

/** Sorted, each once. */
function listOf(value: Json): JsonArray {
  const texts = new Map<string, Json>();
  for (const one of isArray(value) ? value : [value]) texts.set(canonicalJson(one), one);
  return [...texts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
