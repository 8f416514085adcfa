/** Statements of PostgreSQL whose nature no one doubts. */
export const STATEMENTS: readonly { readonly text: string; readonly isSelect: boolean }[] = [
  { text: 'select 1', isSelect: true },
  { text: 'select a, b from t where a = 2 order by b limit 5', isSelect: true },
  { text: 'select * from t join u on t.id = u.id', isSelect: true },
  { text: "select lower(name) from t where name like 'a%'", isSelect: true },
  { text: 'with d as (select 1 as a) select a from d', isSelect: true },
  { text: 'select 1; select 2', isSelect: true },
  { text: 'insert into t values (1)', isSelect: false },
  { text: 'update t set a = 1', isSelect: false },
  { text: 'delete from t', isSelect: false },
  { text: 'drop table t', isSelect: false },
  { text: 'select 1; drop table t', isSelect: false },
  { text: 'with d as (delete from t returning *) select * from d', isSelect: false },
  { text: 'select * into u from t', isSelect: false },
  { text: 'select * from t for update', isSelect: false },
  { text: 'truncate t', isSelect: false },
];
