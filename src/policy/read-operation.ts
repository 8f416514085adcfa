import type { Json, JsonObject } from '../wire/json.ts';
import { type Draft, listed, refuse } from './draft.ts';
import { isDate, isPossible } from './fact-domain.ts';
import { didYouMean } from './nearest.ts';
import type { Operation } from './operator.ts';
import { OPERATORS, type Operator, TYPES } from './operators.ts';
import type { Path } from './path.ts';
import { below, quoted } from './problem.ts';
import { type CompiledSearch, compileSearch } from './regex.ts';
import { readSqlOnly } from './sql/read-sql-only.ts';
import { FALSE, TRUE } from './truth.ts';
import { readTyped } from './typed/read-typed.ts';
import type { Letters } from './typed/text.ts';

/** Different patterns of one document; each keeps a compiled program, and up to some megabytes once it is used. */
const MAX_PATTERNS = 5_000;
/** Instructions of all of them together. */
const MAX_PROGRAMS = 200_000;
const REFUSED_SIZE = 1_000;

/** Reads `op`, `value` and `ignore_case` of a condition; undefined when there was a problem. */
export function readOperation(
  draft: Draft,
  condition: JsonObject,
  pointer: string,
  path: Path | undefined,
): Operation | undefined {
  const operator = readOperator(draft, condition, pointer);
  const letters = readLetters(draft, condition, pointer, operator);
  if (operator === undefined) return undefined;
  const op = operator.name;
  const value = condition['value'];
  const places = { op: below(pointer, 'op'), value: below(pointer, 'value') };
  if (value === undefined) return refuse(draft, pointer, `"value" is missing; ${op} needs one`);
  if (path !== undefined && !isPossible(draft, op, value, places, path)) return undefined;
  const place = places.value;
  switch (op) {
    case 'eq':
    case 'neq':
      return { op, value };
    case 'in':
    case 'not_in':
      if (Array.isArray(value)) return { op, values: value };
      return refuse(draft, place, `${op} needs an array of values`);
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      if (typeof value === 'number') return { op, bound: value };
      if (isOfDays(path) && isDate(value)) return { op, day: value };
      return refuse(draft, place, `${op} needs a number, without quotes`);
    case 'length_lt':
    case 'length_lte':
    case 'length_gt':
    case 'length_gte':
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return { op, bound: value };
      return refuse(draft, place, `${op} needs a whole number from 0, without quotes`);
    case 'exists':
      if (typeof value === 'boolean') return { op, wanted: value ? TRUE : FALSE };
      return refuse(draft, place, 'exists needs true or false');
    case 'type':
      return readType(draft, value, place);
    case 'regex':
    case 'not_regex':
      return readSearch(draft, op, value, place, letters);
    case 'contains':
    case 'not_contains':
      return { op, value, letters };
    case 'starts_with':
    case 'ends_with':
      if (typeof value === 'string') return { op, edge: value, letters };
      return refuse(draft, place, `${op} needs a text`);
    case 'url_host_in':
    case 'url_scheme_in':
    case 'path_within':
    case 'ip_in':
    case 'email_domain_in':
      return readTyped(draft, op, value, place);
    case 'sql_only': {
      const sql = readSqlOnly(draft, value, place, draft.parsers);
      return sql && { op, sql };
    }
  }
}

function isOfDays(path: Path | undefined): boolean {
  return path?.root === 'fact' && path.fact === 'time.date';
}

function readOperator(draft: Draft, condition: JsonObject, pointer: string): Operator | undefined {
  const value = condition['op'];
  if (value === undefined) return refuse(draft, pointer, '"op" is missing; write one such as "eq"');
  const operator = OPERATORS.find(({ name }) => name === value);
  if (operator !== undefined) return operator;
  const names = OPERATORS.map(({ name }) => name);
  const place = below(pointer, 'op');
  if (typeof value !== 'string') return refuse(draft, place, `must be one of ${listed(names)}`);
  const guess = didYouMean(value, names);
  return refuse(draft, place, `unknown operator ${quoted(value)}${guess || `; write one of ${listed(names)}`}`);
}

function readLetters(draft: Draft, condition: JsonObject, pointer: string, operator: Operator | undefined): Letters {
  const value = condition['ignore_case'];
  if (value === undefined) return 'as written';
  const place = below(pointer, 'ignore_case');
  if (typeof value !== 'boolean') refuse(draft, place, 'must be true or false');
  else if (operator !== undefined && !operator.mayIgnoreCase) {
    const names = OPERATORS.flatMap(({ name, mayIgnoreCase }) => (mayIgnoreCase ? [name] : []));
    refuse(draft, place, `${operator.name} compares exactly; "ignore_case" goes with ${names.join(', ')}`);
  }
  return value === true ? 'any case' : 'as written';
}

function readType(draft: Draft, value: Json, place: string): Operation | undefined {
  if (typeof value === 'string' && TYPES.includes(value)) return { op: 'type', type: value };
  const guess = typeof value === 'string' ? didYouMean(value, TYPES) : '';
  return refuse(draft, place, `type needs one of ${listed(TYPES)}${guess}`);
}

function readSearch(
  draft: Draft,
  op: 'regex' | 'not_regex',
  value: Json,
  place: string,
  letters: Letters,
): Operation | undefined {
  if (typeof value !== 'string') return refuse(draft, place, `${op} needs a text`);
  const compiled = searchFor(draft, value, letters);
  if (compiled === undefined) {
    return refuse(
      draft,
      place,
      'too many, or too large, regular expressions in one document; use fewer or simpler ones',
    );
  }
  if (typeof compiled === 'string') return refuse(draft, place, `not a regular expression in RE2 syntax: ${compiled}`);
  return { op, search: compiled.search, size: compiled.size };
}

/** Equal patterns share one program; undefined when the document has used up its share. */
function searchFor(draft: Draft, pattern: string, letters: Letters): CompiledSearch | string | undefined {
  const key = `${letters} ${pattern}`;
  const before = draft.searches.get(key);
  if (before !== undefined) return before;
  if (draft.searches.size >= MAX_PATTERNS || draft.programs > MAX_PROGRAMS) return undefined;
  const compiled = compileSearch(pattern, letters);
  draft.searches.set(key, compiled);
  // A pattern that was refused took as long as the largest.
  draft.programs += typeof compiled === 'string' ? REFUSED_SIZE : compiled.size;
  return compiled;
}
