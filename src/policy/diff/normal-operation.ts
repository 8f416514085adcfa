import { isArray, isObject, type Json, objectOf } from '../../wire/json.ts';
import type { Place } from '../look.ts';
import type { OperatorName } from '../operators.ts';
import { listOf } from './leaf.ts';

interface Operation {
  readonly op: OperatorName;
  readonly value: Json;
}

/** Fewer operators that mean the same: `eq` is `in` of one, `length_lt 5` is `length_lte 4`. */
export function normalOperation(name: OperatorName, value: Json, place: Place): Operation {
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
      return { op: name, value: listOf((isArray(value) ? value : [value]).map(bareFolder)) };
    case 'url_host_in':
    case 'email_domain_in':
      return { op: name, value: listOf(isArray(value) ? value.map((one) => bareHost(one)) : []) };
    case 'url_scheme_in':
      return { op: name, value: listOf(isArray(value) ? value.map(inSmallLetters) : []) };
    case 'length_lt':
      return { op: 'length_lte', value: Number(value) - 1 };
    case 'length_gt':
      return { op: 'length_gte', value: Number(value) + 1 };
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return isWhole(place) ? wholeBound(name, Number(value)) : { op: name, value };
    case 'sql_only':
      return { op: name, value: sqlOf(value) };
    default:
      return { op: name, value };
  }
}

/** Whether nothing but whole numbers can stand at the place. */
function isWhole({ path }: Place): boolean {
  return path.root === 'calls' || (path.root === 'fact' && path.fact === 'time.hour');
}

function wholeBound(name: 'lt' | 'lte' | 'gt' | 'gte', value: number): Operation {
  // Beyond them one more is no other number.
  if (Math.abs(value) >= Number.MAX_SAFE_INTEGER) return { op: name, value };
  switch (name) {
    case 'lt':
      return { op: 'lte', value: Math.ceil(value) - 1 };
    case 'lte':
      return { op: 'lte', value: Math.floor(value) };
    case 'gt':
      return { op: 'gte', value: Math.floor(value) + 1 };
    default:
      return { op: 'gte', value: Math.ceil(value) };
  }
}

/** Separators at the end say nothing, unless the folder is a root. */
function bareFolder(folder: Json): Json {
  return typeof folder === 'string' ? folder.replace(/(?<=[^\\/:])[\\/]+$/, '') : folder;
}

/** The dot at the end of a full name says nothing. */
function bareHost(host: Json): Json {
  return typeof host === 'string' ? host.toLowerCase().replace(/\.$/, '') : host;
}

function inSmallLetters(text: Json): Json {
  return typeof text === 'string' ? text.toLowerCase() : text;
}

function sqlOf(value: Json): Json {
  if (!isObject(value)) return value;
  return objectOf([
    ['dialect', value['dialect'] ?? null],
    ['kinds', listOf(value['kinds'] ?? [])],
    ['functions', listOf(value['functions'] ?? [])],
  ]);
}
