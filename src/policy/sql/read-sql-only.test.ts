import { describe, expect, test } from 'vitest';
import { type Json, objectOf } from '../../wire/json.ts';
import { newDraft } from '../draft.ts';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { MAX_SQL } from './judgeable.ts';
import { NO_PARSERS, type SqlParse, type SqlParsers } from './parsers.ts';
import { readSqlOnly, type SqlOnly } from './read-sql-only.ts';

const SELECT_1: Json = tree({ SelectStmt: { targetList: [{ ResTarget: { val: { A_Const: {} } } }] } });

function read(value: Json, parsers: SqlParsers): SqlOnly | undefined | readonly string[] {
  const draft = newDraft('policy', parsers);
  const operation = readSqlOnly(draft, value, '/value', parsers);
  if (draft.problems.length > 0) expect(operation).toBeUndefined();
  return draft.problems.length === 0
    ? operation
    : draft.problems.map(({ pointer, message }) => `${pointer}: ${message}`);
}

function parsed(parse: SqlParse): SqlOnly {
  const operation = read(value({}), { postgresql: parse });
  if (operation === undefined || !('judge' in operation)) throw new Error('there were problems');
  return operation;
}

/** A good value with some keys replaced. */
function value(replaced: { readonly [key: string]: Json }): Json {
  return objectOf(Object.entries({ kinds: ['select'], dialect: 'postgresql', ...replaced }));
}

function tree(statement: Json): Json {
  return { version: 170007, stmts: [{ stmt: statement }] };
}

describe('a value that says something wrong is a problem with a remedy', () => {
  const good: SqlParsers = { postgresql: () => SELECT_1 };

  test.each<[Json, string]>([
    ['select', '/value: sql_only needs an object such as {"kinds": ["select"], "dialect": "postgresql"}'],
    [value({ kind: 'select' }), '/value/kind: unknown key "kind" — did you mean "kinds"?'],
    [value({ kinds: [] }), '/value/kinds: "kinds" must be an array such as ["select"]'],
    [objectOf([['dialect', 'postgresql']]), '/value: "kinds" must be an array such as ["select"]'],
    [value({ kinds: ['selct'] }), '/value/kinds/0: unknown kind "selct" — did you mean "select"?'],
    [
      value({ kinds: ['select', 'truncate'] }),
      '/value/kinds/1: unknown kind "truncate"; write one of "select", "insert", "update", "delete", "merge", "explain"',
    ],
    [objectOf([['kinds', ['select']]]), '/value: "dialect" is missing; write "dialect": "postgresql"'],
    [value({ dialect: 'postgres' }), '/value/dialect: unknown dialect "postgres" — did you mean "postgresql"?'],
    [
      value({ dialect: 'mysql' }),
      '/value/dialect: the dialect "mysql" has no parser that can be trusted here; give the tool an account that may ' +
        'only read, or ask a person with "approve_if"',
    ],
    [
      value({ dialect: 'sqlite' }),
      '/value/dialect: the dialect "sqlite" has no parser that can be trusted here; give the tool an account that may ' +
        'only read, or ask a person with "approve_if"',
    ],
    [value({ functions: 'random' }), '/value/functions: "functions" must be an array of names'],
    [
      value({ functions: ['Random'] }),
      '/value/functions/0: "Random" is not the name of a function; write a lower-case name such as "my_function" or ' +
        '"my_schema.my_function", or an operator',
    ],
  ])('%j', (wrong, message) => {
    expect(read(wrong, good)).toEqual([message]);
  });

  test.each(['', '*', 'f*g', 'f()', 'f g', 'a.b.c', '.f', 'f.', '"f"', '1f', 'x'.repeat(64), "f'", 'f;'])(
    'the name %j is none, and there are no wildcards',
    (name) => {
      // A star alone is an operator, and allows nothing but that operator.
      if (name === '*') expect(read(value({ functions: [name] }), good)).toHaveProperty('judge');
      else expect(read(value({ functions: [name] }), good)).toHaveLength(1);
    },
  );

  test('all problems at once', () => {
    expect(read(value({ kinds: ['x'], dialect: 'mysql', functions: [1] }), good)).toHaveLength(3);
  });

  test('a parser that could not be loaded refuses the document', () => {
    expect(read(value({}), NO_PARSERS)).toEqual([
      '/value/dialect: the parser of the dialect "postgresql" is not loaded; is the package libpg-query installed?',
    ]);
  });
});

describe('a parser of another version', () => {
  test('a new type of node is not allowed silently', () => {
    const newer = parsed(() => tree({ SelectStmt: { targetList: [{ ResTarget: { val: { RunProgram: {} } } }] } }));
    expect(newer.judge('select run program')).toBe(UNKNOWN);
  });

  test('a new field of a known node neither', () => {
    expect(parsed(() => tree({ SelectStmt: { intoProgram: 'x' } })).judge('select')).toBe(UNKNOWN);
  });

  test('a new statement is certainly not reading', () => {
    expect(parsed(() => tree({ RunStmt: {} })).judge('run')).toBe(FALSE);
  });

  test.each<[Json]>([
    [null],
    [[]],
    [{}],
    [{ stmts: 1 }],
    [{ stmts: [] }],
    [{ stmts: [null] }],
    [tree(null)],
    [tree('x')],
    [tree({ SelectStmt: null })],
    [tree({ SelectStmt: {}, InsertStmt: {} })],
    [tree({ SelectStmt: { targetList: [{ ColumnRef: { fields: 1 } }] } })],
    [tree({ SelectStmt: { targetList: [{ FuncCall: { funcname: [] } }] } })],
    [tree({ SelectStmt: { targetList: [{ FuncCall: { funcname: [{ String: { sval: 1 } }] } }] } })],
    [tree({ SelectStmt: { fromClause: [{ RangeFunction: {} }] } })],
    [tree({ SelectStmt: { larg: [] } })],
  ])('a tree such as %j is not judged', (odd) => {
    expect(parsed(() => odd).judge('select')).toBe(UNKNOWN);
  });
});

describe('what is not given to the parser at all', () => {
  const anything = parsed(() => SELECT_1);

  test('a text that is too long', () => {
    expect(anything.judge('x'.repeat(MAX_SQL))).toBe(TRUE);
    expect(anything.judge('x'.repeat(MAX_SQL + 1))).toBe(UNKNOWN);
  });

  test('operators and comment signs that take the scanner quadratic time', () => {
    expect(anything.judge(`select 1 ${'/* x */ '.repeat(1_000)}`)).toBe(TRUE);
    expect(anything.judge(`select 1 -- ${'-'.repeat(190)}`)).toBe(TRUE);
    expect(anything.judge(`select 1 ${'/**/'.repeat(100)}`)).toBe(UNKNOWN);
  });

  test.each(['a\0b', '\ud800', "'\\'"])('%j, which not every server reads like the parser here', (text) => {
    expect(anything.judge(text)).toBe(UNKNOWN);
  });

  test('what the parser does not understand', () => {
    expect(parsed(() => undefined).judge('select 1')).toBe(UNKNOWN);
  });
});
