import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { TRUE, type Truth, UNKNOWN } from '../truth.ts';
import type { Allowance } from './kinds.ts';
import { OUTPUT_COLUMNS, PURE_FUNCTIONS } from './postgres-names.ts';
import { judgeFunction, wordOf, wordsOf } from './postgres-words.ts';

/**
 * `t.f` is a column of `t`, or, where `t` has no such column, a call of the function `f` with `t` as its argument. Over a
 * table only functions of that table's own rows can be meant; but over a function that returns texts,
 * `select t.pg_read_file from unnest(array['/etc/passwd']) t` reads the file. So of a function in FROM only columns that it
 * certainly has may be named in this way.
 */
export interface References {
  /** The columns that a function in FROM certainly has, once for each such function, by what it is called in the text. */
  readonly columns: Map<string, ReadonlySet<string>[]>;
  /** Qualified names in the text: what was meant by `t.f`, as [`t`, `f`]. */
  readonly qualified: Map<string, Set<string>>;
}

export function noReferences(): References {
  return { columns: new Map(), qualified: new Map() };
}

/** Notes `t.f`; a name alone, or one that ends with a star, calls nothing. */
export function noteColumn(references: References, fields: Json): Truth {
  if (!isArray(fields)) return UNKNOWN;
  const last = fields.at(-1);
  const isStar = isObject(last) && isObject(last['A_Star']);
  const words = wordsOf(isStar ? fields.slice(0, -1) : fields);
  if (words === undefined) return UNKNOWN;
  const [qualifier, name] = words.slice(-2);
  if (isStar || qualifier === undefined || name === undefined) return TRUE;
  const names = references.qualified.get(qualifier);
  if (names === undefined) references.qualified.set(qualifier, new Set([name]));
  else names.add(name);
  return TRUE;
}

/** Notes a function in FROM. */
export function noteRelation(references: References, relation: JsonObject): Truth {
  const functions = functionsOf(relation['functions']);
  const alias = isObject(relation['alias']) ? relation['alias'] : undefined;
  const only = functions?.length === 1 ? functions[0] : undefined;
  const called = alias?.['aliasname'] ?? only?.at(-1);
  // Without a name it can be called by one that only the server knows.
  if (typeof called !== 'string') return UNKNOWN;
  const columns = new Set([...aliasColumns(alias), ...definedColumns(relation['coldeflist'])]);
  if (relation['ordinality'] === true) columns.add('ordinality');
  if (only !== undefined) for (const column of ownColumns(only, called)) columns.add(column);
  const before = references.columns.get(called);
  if (before === undefined) references.columns.set(called, [columns]);
  else before.push(columns);
  return TRUE;
}

/** Whether every `t.f` over a function is a column of it, or else a function that may be called. */
export function judgeReferences(references: References, allowance: Allowance): Truth {
  for (const [called, relations] of references.columns) {
    for (const name of references.qualified.get(called) ?? []) {
      if (relations.every((columns) => columns.has(name))) continue;
      if (judgeFunction([name], allowance) !== TRUE) return UNKNOWN;
    }
  }
  return TRUE;
}

/** The name of each function; undefined if something else is called like one. */
function functionsOf(functions: Json | undefined): readonly (readonly string[])[] | undefined {
  if (!isArray(functions)) return undefined;
  const names = functions.flatMap((entry) => {
    const list = isObject(entry) ? entry['List'] : undefined;
    const items = isObject(list) ? list['items'] : undefined;
    const first = isArray(items) ? items[0] : undefined;
    const call = isObject(first) ? first['FuncCall'] : undefined;
    const words = isObject(call) ? wordsOf(call['funcname']) : undefined;
    return words === undefined ? [] : [words];
  });
  return names.length === functions.length ? names : undefined;
}

/** A column is named for the alias, unless the function names what it returns; of somebody's own function nobody knows. */
function ownColumns(words: readonly string[], called: string): readonly string[] {
  const [name] = words.slice(-1);
  const isBuiltIn = words.length === 1 || (words.length === 2 && words[0] === 'pg_catalog');
  if (name === undefined || !isBuiltIn || !PURE_FUNCTIONS.has(name)) return [];
  return OUTPUT_COLUMNS.get(name) ?? [called];
}

function aliasColumns(alias: JsonObject | undefined): readonly string[] {
  const names = alias?.['colnames'];
  return isArray(names) ? names.flatMap((name) => wordOf(name) ?? []) : [];
}

function definedColumns(list: Json | undefined): readonly string[] {
  if (!isArray(list)) return [];
  return list.flatMap((entry) => {
    const column = isObject(entry) ? entry['ColumnDef'] : undefined;
    const name = isObject(column) ? column['colname'] : undefined;
    return typeof name === 'string' ? name : [];
  });
}
