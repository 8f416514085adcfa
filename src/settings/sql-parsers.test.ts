import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { cpuMsUntil } from '../../test/kit/cpu-time.ts';
import { NO_PARSERS, type SqlParse } from '../policy/sql/parsers.ts';
import { objectOf } from '../wire/json.ts';
import { sqlParsersFor } from './sql-parsers.ts';

const NAMES_IT = objectOf([['rules', [objectOf([['op', 'sql_only']])]]]);

async function parser(): Promise<SqlParse> {
  const { postgresql } = await sqlParsersFor(NAMES_IT);
  if (postgresql === undefined) throw new Error('the parser did not start');
  return postgresql;
}

describe('loading', () => {
  test('a document without sql_only loads nothing', async () => {
    expect(await sqlParsersFor(objectOf([['version', '1']]))).toBe(NO_PARSERS);
    expect(await sqlParsersFor(null)).toBe(NO_PARSERS);
  });

  test('one parser serves every document', async () => {
    expect(await parser()).toBe(await parser());
  });

  test('a document as deep as can be is looked through', async () => {
    let deep = NAMES_IT;
    for (let depth = 0; depth < 100_000; depth++) deep = objectOf([['not', deep]]);
    expect(await sqlParsersFor(deep)).toHaveProperty('postgresql');
  });
});

describe('parsing', () => {
  test('gives a tree, or undefined', async () => {
    const parse = await parser();
    expect(parse('select 1')).toHaveProperty('stmts[0].stmt.SelectStmt');
    expect(parse('select from where')).toBeUndefined();
    expect(parse('')).toBeUndefined();
    expect(parse('-- nothing')).toEqual({ version: 170007, stmts: [] });
  });

  const nested = (depth: number): string =>
    depth === 0 ? 'select 1' : `select (with a as (update t set (a, b) = (1, (${nested(depth - 1)}))) select 1)`;

  test.each<[string, string]>([
    ['brackets', `select ${'('.repeat(24_000)}1${')'.repeat(24_000)}`],
    ['brackets never closed', 'select ('.repeat(6_000)],
    ['sums', `select 1${'+1'.repeat(24_000)}`],
    ['casts', `select 1${'::int'.repeat(9_000)}`],
    ['subqueries', `select ${'(select '.repeat(5_000)}1${')'.repeat(5_000)}`],
    ['joins', `select 1 from t${' join t using (a)'.repeat(2_900)}`],
    ['tests', `select 1${' is null'.repeat(6_000)}`],
    ['comments', `${'/* '.repeat(8_000)}${'*/ '.repeat(8_000)}`],
    ['a tree that doubles with every level', nested(60)],
    ['a tree that grows with the square', `update t set (a${', a'.repeat(6_000)}) = (1${', 1'.repeat(6_000)})`],
  ])('a hostile text of %s neither breaks the parser nor takes long', async (_, text) => {
    const parse = await parser();
    const { exitCode } = process;
    const taken = await cpuMsUntil(async () => {
      for (let round = 0; round < 5; round++) {
        parse(text);
        await setImmediate();
        expect(parse('select a from t')).toHaveProperty('stmts[0].stmt.SelectStmt');
      }
    });
    expect(taken).toBeLessThan(5_000);
    expect(process.exitCode).toBe(exitCode);
  });

  test('while a new parser starts, nothing parses', async () => {
    const parse = await parser();
    expect(parse(nested(60))).toBeUndefined();
    expect(parse('select 1')).toBeUndefined();
    await setImmediate();
    expect(parse('select 1')).toHaveProperty('stmts');
  });

  test('its memory does not grow with use', async () => {
    const parse = await parser();
    for (let round = 0; round < 20_000; round++)
      parse(round % 2 === 0 ? 'select from where' : `select ${round} from t`);
    expect(parse(`select 1${', 1'.repeat(10_000)}`)).toHaveProperty('stmts');
  });
});
