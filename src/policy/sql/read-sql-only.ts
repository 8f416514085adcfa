import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { type Draft, listed, refuse } from '../draft.ts';
import { didYouMean } from '../nearest.ts';
import { below, quoted } from '../problem.ts';
import { type Truth, UNKNOWN } from '../truth.ts';
import { judgePostgres } from './judge-postgres.ts';
import { isJudgeable } from './judgeable.ts';
import { type Allowance, SQL_KINDS, type SqlKind } from './kinds.ts';
import { DIALECTS, type Dialect, type SqlParse, type SqlParsers } from './parsers.ts';

/** A read `sql_only`. */
export interface SqlOnly {
  /** True if all of the text is of the allowed kinds, false if some of it is not, unknown if it cannot be told. */
  readonly judge: (text: string) => Truth;
}

const KEYS: readonly string[] = ['kinds', 'dialect', 'functions'];
/** PostgreSQL cuts longer names. */
const MAX_NAME = 63;
const WORD = String.raw`[\p{L}_][\p{L}\p{N}_$]*`;
const OPERATOR = String.raw`[~!@#^&|\x60?+\-*/%<>=]+`;
const NAME: RegExp = new RegExp(`^(?:${WORD}\\.)?(?:${WORD}|${OPERATOR})$`, 'u');

/** Reads the value of `sql_only`; undefined when there was a problem. */
export function readSqlOnly(draft: Draft, value: Json, place: string, parsers: SqlParsers): SqlOnly | undefined {
  if (!isObject(value)) {
    return refuse(draft, place, 'sql_only needs an object such as {"kinds": ["select"], "dialect": "postgresql"}');
  }
  const before = draft.problems.length;
  for (const key of Object.keys(value)) {
    if (!KEYS.includes(key)) refuse(draft, below(place, key), `unknown key ${quoted(key)}${didYouMean(key, KEYS)}`);
  }
  const kinds = readKinds(draft, value, place);
  const names = readNames(draft, value, place);
  const parse = readParser(draft, value, place, parsers);
  if (parse === undefined || draft.problems.length > before) return undefined;
  const allowance: Allowance = { kinds, names };
  return { judge: (text) => judgeText(text, parse, allowance) };
}

function judgeText(text: string, parse: SqlParse, allowance: Allowance): Truth {
  if (!isJudgeable(text)) return UNKNOWN;
  const tree = parse(text);
  return tree === undefined ? UNKNOWN : judgePostgres(tree, allowance);
}

function readKinds(draft: Draft, object: JsonObject, place: string): ReadonlySet<SqlKind> {
  const kinds = new Set<SqlKind>();
  const value = object['kinds'];
  if (!isArray(value) || value.length === 0) {
    refuse(draft, value === undefined ? place : below(place, 'kinds'), '"kinds" must be an array such as ["select"]');
    return kinds;
  }
  for (const [index, word] of value.entries()) {
    const kind = SQL_KINDS.find((known) => known === word);
    if (kind !== undefined) kinds.add(kind);
    else refuse(draft, below(below(place, 'kinds'), index), unknownWord('kind', word, SQL_KINDS));
  }
  return kinds;
}

function readParser(draft: Draft, object: JsonObject, place: string, parsers: SqlParsers): SqlParse | undefined {
  const value = object['dialect'];
  if (value === undefined) return refuse(draft, place, '"dialect" is missing; write "dialect": "postgresql"');
  const dialect: Dialect | undefined = DIALECTS.find((known) => known === value);
  const pointer = below(place, 'dialect');
  if (dialect === undefined) return refuse(draft, pointer, unknownWord('dialect', value, DIALECTS));
  if (dialect !== 'postgresql') {
    return refuse(
      draft,
      pointer,
      `the dialect "${dialect}" has no parser that can be trusted here; give the tool an account that may only read, ` +
        'or ask a person with "approve_if"',
    );
  }
  const parse = parsers[dialect];
  if (parse !== undefined) return parse;
  return refuse(
    draft,
    pointer,
    `the parser of the dialect "${dialect}" is not loaded; is the package libpg-query installed?`,
  );
}

function readNames(draft: Draft, object: JsonObject, place: string): ReadonlySet<string> {
  const names = new Set<string>();
  const value = object['functions'];
  if (value === undefined) return names;
  const pointer = below(place, 'functions');
  if (!isArray(value)) {
    refuse(draft, pointer, '"functions" must be an array of names');
    return names;
  }
  for (const [index, name] of value.entries()) {
    if (isName(name)) names.add(name);
    else refuse(draft, below(pointer, index), notAName(name));
  }
  return names;
}

function isName(value: Json): value is string {
  if (typeof value !== 'string' || value !== value.toLowerCase()) return false;
  return NAME.test(value) && value.split('.').every((word) => word.length <= MAX_NAME);
}

function notAName(value: Json): string {
  const remedy = 'write a lower-case name such as "my_function" or "my_schema.my_function", or an operator';
  return typeof value === 'string' ? `${quoted(value)} is not the name of a function; ${remedy}` : remedy;
}

function unknownWord(what: string, word: Json, known: readonly string[]): string {
  if (typeof word !== 'string') return `must be one of ${listed(known)}`;
  return `unknown ${what} ${quoted(word)}${didYouMean(word, known) || `; write one of ${listed(known)}`}`;
}
