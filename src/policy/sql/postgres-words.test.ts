import { describe, expect, test } from 'vitest';
import type { Json } from '../../wire/json.ts';
import { readJson, STRICT } from '../../wire/read-json.ts';
import { FALSE, TRUE, UNKNOWN } from '../truth.ts';
import { judgeReferences, noReferences, noteColumn, noteRelation } from './function-relations.ts';
import type { Allowance } from './kinds.ts';
import {
  judgeFunction,
  judgeOperator,
  judgeOptions,
  judgeSampling,
  judgeType,
  wordOf,
  wordsOf,
} from './postgres-words.ts';

const NONE: Allowance = { kinds: new Set(), names: new Set() };
const OWN: Allowance = { kinds: new Set(), names: new Set(['mine', 'public.mine', 'a.b.c']) };

function tree(value: unknown): Json {
  const result = readJson(JSON.stringify(value), STRICT);
  if (result.kind === 'fault') throw new Error(result.reason);
  return result.value;
}

const word = (sval: unknown) => ({ String: { sval } });

describe('names in a tree', () => {
  test.each<[unknown, readonly string[] | undefined]>([
    [
      [word('pg_catalog'), word('lower')],
      ['pg_catalog', 'lower'],
    ],
    [[], []],
    [[{ String: {} }], ['']],
    [[word('a'), { A_Star: {} }], undefined],
    [[word(5)], undefined],
    [[5], undefined],
    ['a', undefined],
    [{}, undefined],
  ])('%j', (value, words) => {
    expect(wordsOf(tree(value))).toEqual(words);
  });

  test('what is no wrapped text has no word', () => {
    expect(
      [undefined, null, 'a', { String: 'a' }, { String: null }, {}].map((one) => wordOf(one && tree(one))),
    ).toEqual(new Array(6).fill(undefined));
  });
});

describe('what may be called', () => {
  test.each<[readonly string[] | undefined, boolean, boolean]>([
    // name, by itself, named by the author
    [['lower'], true, true],
    [['pg_catalog', 'lower'], true, true],
    [['public', 'lower'], false, false],
    [['x', 'pg_catalog', 'lower'], false, false],
    [['lower', 'x'], false, false],
    [['pg_read_file'], false, false],
    [['mine'], false, true],
    [['public', 'mine'], false, true],
    [['public.mine'], false, false],
    [['pg_catalog', 'a.b'], false, false],
    [['a', 'b', 'c'], false, true],
    [['a', 'b', 'd'], false, false],
    [[], false, false],
    [undefined, false, false],
  ])('%j', (words, byItself, named) => {
    expect(judgeFunction(words, NONE)).toBe(byItself ? TRUE : UNKNOWN);
    expect(judgeFunction(words, OWN)).toBe(named ? TRUE : UNKNOWN);
  });

  test.each<[readonly string[] | undefined, boolean]>([
    [['int4'], true],
    [['pg_catalog', 'int4'], true],
    [['public', 'int4'], false],
    [['mine'], true],
    [undefined, false],
  ])('the type %j', (words, isGood) => {
    expect(judgeType(words, OWN)).toBe(isGood ? TRUE : UNKNOWN);
  });

  test.each<[readonly string[] | undefined, boolean]>([
    [['+'], true],
    [['pg_catalog', '+'], true],
    [['public', '+'], false],
    [['BETWEEN'], true],
    [['BETWEEN', 'x'], false],
    [['x', 'BETWEEN'], false],
    [['***'], false],
    [[], false],
    [undefined, false],
  ])('the operator %j', (words, isGood) => {
    expect(judgeOperator(words, NONE)).toBe(isGood ? TRUE : UNKNOWN);
  });

  test.each<[readonly string[] | undefined, boolean]>([
    [['system'], true],
    [['bernoulli'], true],
    [['system', 'x'], false],
    [['mine'], false],
    [[], false],
    [undefined, false],
  ])('the sample %j', (words, isGood) => {
    expect(judgeSampling(words)).toBe(isGood ? TRUE : UNKNOWN);
  });

  test.each<[unknown, boolean]>([
    [[], true],
    [[{ DefElem: { defname: 'verbose' } }], true],
    [[{ DefElem: { defname: 'verbose' } }, { DefElem: { defname: 'evil' } }], false],
    [[{ DefElem: { defname: 5 } }], false],
    [[{ DefElem: 'verbose' }], false],
    ['verbose', false],
  ])('the options %j of explain', (options, isGood) => {
    expect(judgeOptions(tree(options))).toBe(isGood ? TRUE : UNKNOWN);
  });
});

describe('a name with a dot over a function in FROM', () => {
  const call = (...names: readonly string[]) => ({
    List: { items: [{ FuncCall: { funcname: names.map(word) } }, {}] },
  });
  const relation = (alias: unknown, ...functions: readonly unknown[]) => ({ functions, alias });
  const named = (aliasname: string, ...columns: readonly string[]) => ({ aliasname, colnames: columns.map(word) });

  function judged(relations: readonly object[], columns: readonly (readonly string[])[], allowance = NONE) {
    const references = noReferences();
    for (const one of relations) {
      const json = tree(one);
      if (noteRelation(references, json as Extract<Json, { readonly [key: string]: Json }>) !== TRUE) return FALSE;
    }
    for (const column of columns) if (noteColumn(references, tree(column.map(word))) !== TRUE) return FALSE;
    return judgeReferences(references, allowance);
  }

  test.each<[string, readonly object[], readonly (readonly string[])[], boolean]>([
    ['a column that is called as the alias', [relation(named('t'), call('unnest'))], [['t', 't']], true],
    ['a function by a dot', [relation(named('t'), call('unnest'))], [['t', 'pg_read_file']], false],
    ['a harmless function by a dot', [relation(named('t'), call('unnest'))], [['t', 'lower']], true],
    [
      'a column that the alias names',
      [relation(named('t', 'pg_read_file'), call('unnest'))],
      [['t', 'pg_read_file']],
      true,
    ],
    ['a function without an alias', [relation(undefined, call('unnest'))], [['unnest', 'unnest']], true],
    ['a function of a schema', [relation(undefined, call('pg_catalog', 'unnest'))], [['unnest', 'unnest']], true],
    ['a function of another schema', [relation(named('t'), call('public', 'unnest'))], [['t', 't']], false],
    ['a function of three words', [relation(named('t'), call('pg_catalog', 'x', 'unnest'))], [['t', 't']], false],
    ['a function that nobody knows', [relation(named('t'), call('f'))], [['t', 't']], false],
    ['two functions in a row', [relation(named('t'), call('unnest'), call('unnest'))], [['t', 't']], false],
    [
      'two relations of one name, one without the column',
      [relation(named('t', 'x'), call('unnest')), relation(named('t', 'y'), call('unnest'))],
      [['t', 'x']],
      false,
    ],
    [
      'two relations of one name, both with it',
      [relation(named('t', 'x'), call('unnest')), relation(named('t', 'x'), call('unnest'))],
      [['t', 'x']],
      true,
    ],
    [
      'the second of two names',
      [relation(named('t', 'x'), call('unnest'))],
      [
        ['t', 'x'],
        ['t', 'evil'],
      ],
      false,
    ],
    ['names of other tables', [relation(named('t', 'x'), call('unnest'))], [['u', 'evil']], true],
    ['a name behind a schema', [relation(named('t', 'x'), call('unnest'))], [['public', 't', 'evil']], false],
    [
      'the number of a row',
      [{ ...relation(named('t'), call('unnest')), ordinality: true }],
      [['t', 'ordinality']],
      true,
    ],
    ['no number of a row', [relation(named('t'), call('unnest'))], [['t', 'ordinality']], false],
    [
      'a column that is defined',
      [
        {
          ...relation(named('t'), call('f')),
          coldeflist: [{ ColumnDef: { colname: 'x' } }, { ColumnDef: { colname: 5 } }, 5],
        },
      ],
      [['t', 'x']],
      true,
    ],
    ['no dot', [relation(named('t'), call('unnest'))], [['pg_read_file']], true],
  ])('%s', (_, relations, columns, isGood) => {
    expect(judged(relations, columns)).toBe(isGood ? TRUE : UNKNOWN);
  });

  test('a function that the author names may be called so', () => {
    expect(judged([relation(named('t'), call('unnest'))], [['t', 'mine']], OWN)).toBe(TRUE);
  });

  test('a relation without a name, or with functions that are none, cannot be judged', () => {
    for (const one of [
      relation(undefined, call('a'), call('b')),
      relation(undefined, { List: { items: [{}] } }),
      relation(undefined, 5),
      { alias: undefined },
      relation(undefined),
    ]) {
      expect(judged([one], [])).toBe(FALSE);
    }
  });

  test('a star calls nothing; what is no name cannot be judged', () => {
    const references = noReferences();
    expect(noteColumn(references, tree([word('t'), word('f'), { A_Star: {} }]))).toBe(TRUE);
    expect(noteColumn(references, tree([{ A_Star: {} }]))).toBe(TRUE);
    expect(references.qualified.size).toBe(0);
    expect(noteColumn(references, tree([5, { A_Star: {} }]))).toBe(UNKNOWN);
    expect(noteColumn(references, tree('t'))).toBe(UNKNOWN);
    expect(noteColumn(references, tree([word('t'), 5]))).toBe(UNKNOWN);
  });
});
