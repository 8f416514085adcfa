import type { Json, JsonArray, JsonObject } from '../wire/json.ts';
import { type Draft, listed, notYet, refuse } from './draft.ts';
import { WEEKDAYS } from './moment.ts';
import { didYouMean } from './nearest.ts';
import type { Letters, Operation } from './operator.ts';
import type { Path } from './path.ts';
import { below, quoted } from './problem.ts';
import { type CompiledSearch, compileSearch } from './regex.ts';
import { FALSE, TRUE } from './truth.ts';

const OPERATORS: readonly Operation['op'][] = [
  'eq',
  'neq',
  'in',
  'not_in',
  'lt',
  'lte',
  'gt',
  'gte',
  'exists',
  'regex',
  'contains',
];
const LATER: readonly string[] = [
  'not_regex',
  'not_contains',
  'starts_with',
  'ends_with',
  'length_lt',
  'length_lte',
  'length_gt',
  'length_gte',
  'type',
  'url_host_in',
  'url_scheme_in',
  'path_within',
  'ip_in',
  'email_domain_in',
  'sql_only',
];
const CLASSES: readonly string[] = ['read', 'write', 'execute', 'destructive', 'financial', 'unknown'];
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
  const op = readOperator(draft, condition, pointer);
  const letters = readLetters(draft, condition, pointer, op);
  if (op === undefined) return undefined;
  const value = condition['value'];
  const place = below(pointer, 'value');
  if (value === undefined) return refuse(draft, pointer, `"value" is missing; ${op} needs one`);
  if (path?.root === 'fact' && !isPossible(draft, op, value, place, path.fact)) return undefined;
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
      return refuse(draft, place, `${op} needs a number, without quotes`);
    case 'exists':
      if (typeof value === 'boolean') return { op, wanted: value ? TRUE : FALSE };
      return refuse(draft, place, 'exists needs true or false');
    case 'regex':
      return readSearch(draft, value, place, letters);
    case 'contains':
      return { op, value, letters };
  }
}

function readOperator(draft: Draft, condition: JsonObject, pointer: string): Operation['op'] | undefined {
  const value = condition['op'];
  if (value === undefined) return refuse(draft, pointer, '"op" is missing; write one such as "eq"');
  const op = OPERATORS.find((known) => known === value);
  if (op !== undefined) return op;
  const place = below(pointer, 'op');
  if (typeof value !== 'string') return refuse(draft, place, `must be one of ${listed(OPERATORS)}`);
  if (LATER.includes(value)) return refuse(draft, place, notYet(value));
  const guess = didYouMean(value, [...OPERATORS, ...LATER]);
  return refuse(draft, place, `unknown operator ${quoted(value)}${guess || `; write one of ${listed(OPERATORS)}`}`);
}

function readLetters(draft: Draft, condition: JsonObject, pointer: string, op: Operation['op'] | undefined): Letters {
  const value = condition['ignore_case'];
  if (value === undefined) return 'as written';
  const place = below(pointer, 'ignore_case');
  if (typeof value !== 'boolean') refuse(draft, place, 'must be true or false');
  else if (op !== undefined && op !== 'regex' && op !== 'contains') {
    refuse(draft, place, `${op} compares exactly; "ignore_case" goes with regex and contains`);
  }
  return value === true ? 'any case' : 'as written';
}

function readSearch(draft: Draft, value: Json, place: string, letters: Letters): Operation | undefined {
  if (typeof value !== 'string') return refuse(draft, place, 'regex needs a text');
  const compiled = searchFor(draft, value, letters);
  if (compiled === undefined) {
    return refuse(
      draft,
      place,
      'too many, or too large, regular expressions in one document; use fewer or simpler ones',
    );
  }
  if (typeof compiled === 'string') return refuse(draft, place, `not a regular expression in RE2 syntax: ${compiled}`);
  return { op: 'regex', search: compiled.search };
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

/** A value that a fact can never have would be a rule that silently never works. */
function isPossible(draft: Draft, op: Operation['op'], value: Json, place: string, fact: string): boolean {
  const rule = DOMAINS[fact];
  if (rule === undefined || !['eq', 'neq', 'in', 'not_in'].includes(op)) return true;
  const values: JsonArray = Array.isArray(value) && (op === 'in' || op === 'not_in') ? value : [value];
  for (const one of values) {
    if (rule.holds(one)) continue;
    const guess = typeof one === 'string' ? didYouMean(one, rule.words) : '';
    refuse(draft, place, `${fact} is never ${quoted(String(one))}${guess || `; it is ${rule.told}`}`);
    return false;
  }
  return true;
}

interface Domain {
  readonly words: readonly string[];
  readonly told: string;
  holds(value: Json): boolean;
}

const DOMAINS: { readonly [fact: string]: Domain } = {
  'tool.class': { words: CLASSES, told: `one of ${listed(CLASSES)}`, holds: isOneOf(CLASSES) },
  'time.weekday': { words: WEEKDAYS, told: `one of ${listed(WEEKDAYS)}`, holds: isOneOf(WEEKDAYS) },
  'time.hour': { words: [], told: 'a whole number from 0 to 23, without quotes', holds: isHour },
  'time.date': { words: [], told: 'a text such as "2026-12-24"', holds: isDate },
};

function isOneOf(words: readonly string[]): (value: Json) => boolean {
  return (value) => typeof value === 'string' && words.includes(value);
}

function isHour(value: Json): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 23;
}

function isDate(value: Json): boolean {
  return typeof value === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(value);
}
