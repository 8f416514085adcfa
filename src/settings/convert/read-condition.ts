import { didYouMean } from '../../policy/nearest.ts';
import { below, quoted } from '../../policy/problem.ts';
import { isArray, type Json, type JsonObject } from '../../wire/json.ts';
import { type Conversion, checkKeys, objectAt, refuse, textAt } from './conversion.ts';

const OPERATORS = ['eq', 'neq', 'in', 'not_in', 'lt', 'lte', 'gt', 'gte', 'regex', 'contains', 'exists'] as const;
type InterceptOperator = (typeof OPERATORS)[number];

/** One condition of an Intercept rule: to be met, or the call is denied. */
export interface InterceptCondition {
  readonly pointer: string;
  readonly path: string;
  readonly op: InterceptOperator;
  readonly value: Json;
}

/** Reads a condition; undefined when there was a problem. */
export function readCondition(conversion: Conversion, value: Json, pointer: string): InterceptCondition | undefined {
  const example = '{path: args.amount, op: lte, value: 500}';
  const condition = objectAt(conversion, value, pointer, example);
  if (condition === undefined) {
    return value === null ? refuse(conversion, pointer, `holds nothing; write one such as ${example}`) : undefined;
  }
  checkKeys(conversion, condition, pointer, ['path', 'op', 'value']);
  const path = readPath(conversion, condition, pointer);
  const op = readOperator(conversion, condition, pointer);
  if (path === undefined || op === undefined) return undefined;
  const compared = condition['value'] ?? null;
  const fault = valueFault(op, compared);
  if (fault === undefined) return { pointer, path, op, value: compared };
  const place = below(pointer, 'value');
  return refuse(conversion, fault.index === undefined ? place : below(place, fault.index), fault.message);
}

function readPath(conversion: Conversion, condition: JsonObject, pointer: string): string | undefined {
  const path = textAt(conversion, condition, pointer, 'path');
  if (path === undefined) {
    const isWrong = condition['path'] !== undefined && condition['path'] !== null && condition['path'] !== '';
    return isWrong ? undefined : refuse(conversion, pointer, '"path" is missing; write one such as args.amount');
  }
  if (path.startsWith('args.') || path.startsWith('state.')) return path;
  return refuse(
    conversion,
    below(pointer, 'path'),
    `the path ${quoted(path)} begins with neither "args." nor "state."; Intercept refuses it too`,
  );
}

function readOperator(conversion: Conversion, condition: JsonObject, pointer: string): InterceptOperator | undefined {
  const value = condition['op'];
  const known = OPERATORS.find((name) => name === value);
  if (known !== undefined) return known;
  if (typeof value !== 'string')
    return refuse(conversion, pointer, `"op" is missing; write one of ${OPERATORS.join(', ')}`);
  const guess = didYouMean(value, OPERATORS) || `; it is one of ${OPERATORS.join(', ')}`;
  return refuse(conversion, below(pointer, 'op'), `unknown operator ${quoted(value)}${guess}`);
}

interface Fault {
  readonly message: string;
  /** Which element of the value. */
  readonly index?: number;
}

function valueFault(op: InterceptOperator, value: Json): Fault | undefined {
  switch (op) {
    case 'eq':
    case 'neq':
    case 'contains':
      return scalarFault(value);
    case 'in':
    case 'not_in':
      if (!isArray(value)) return { message: `${op} needs a list of values` };
      for (const [index, one] of value.entries()) {
        const fault = scalarFault(one);
        if (fault !== undefined) return { ...fault, index };
      }
      return undefined;
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return typeof value === 'number' ? numberFault(value) : { message: `${op} needs a number, without quotes` };
    case 'regex':
      return typeof value === 'string' ? undefined : { message: 'regex needs a text' };
    case 'exists':
      return typeof value === 'boolean' ? undefined : { message: 'exists needs true or false' };
  }
}

/** Intercept compares what is no number by how Go prints it: a list `[a b]`, an object `map[a:1]`, null `<nil>`. */
function scalarFault(value: Json): Fault | undefined {
  if (typeof value === 'number') return numberFault(value);
  if (typeof value === 'boolean') return undefined;
  if (typeof value !== 'string') {
    const what = value === null ? 'null' : isArray(value) ? 'a list' : 'an object';
    return { message: `Intercept compares ${what} by how it is printed, which has no equal; compare a single value` };
  }
  if (!/^(?:\[|map\[|<nil>$)/.test(value)) return undefined;
  return {
    message: `to Intercept ${quoted(value)} also equals a list, an object or null that is printed so, which has no equal; compare otherwise`,
  };
}

function numberFault(value: number): Fault | undefined {
  if (!Number.isInteger(value) || Number.isSafeInteger(value)) return undefined;
  return { message: `the number ${value} is too large to mean the same in both; it must stay below 2^53` };
}
