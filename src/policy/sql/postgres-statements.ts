import type { SqlKind } from './kinds.ts';
import { type NodeShape, shape } from './shape.ts';

/** The kind that a statement is, by the type of its node. A statement that is not here is of no kind. */
export const STATEMENT_KINDS: ReadonlyMap<string, SqlKind> = new Map<string, SqlKind>([
  ['SelectStmt', 'select'],
  ['InsertStmt', 'insert'],
  ['UpdateStmt', 'update'],
  ['DeleteStmt', 'delete'],
  ['MergeStmt', 'merge'],
  ['ExplainStmt', 'explain'],
]);

/** Statements and their clauses, of PostgreSQL 17. Without `intoClause` and `lockingClause`: neither is reading. */
export const STATEMENTS: readonly (readonly [string, NodeShape])[] = [
  ['RawStmt', shape({ plain: 'stmt_location stmt_len', node: 'stmt' })],
  [
    'SelectStmt',
    shape({
      plain: 'groupDistinct limitOption op all',
      node:
        'distinctClause targetList fromClause whereClause groupClause havingClause windowClause valuesLists sortClause ' +
        'limitOffset limitCount',
      WithClause: 'withClause',
      SelectStmt: 'larg rarg',
    }),
  ],
  // The rows that an INSERT brings along are no reading.
  ['InsertedValues', shape({ plain: 'limitOption op', node: 'valuesLists' })],
  [
    'InsertStmt',
    shape({
      plain: 'override',
      node: 'cols returningList',
      source: 'selectStmt',
      RangeVar: 'relation',
      OnConflictClause: 'onConflictClause',
      WithClause: 'withClause',
    }),
  ],
  ['OnConflictClause', shape({ plain: 'action', InferClause: 'infer', node: 'targetList whereClause' })],
  ['InferClause', shape({ plain: 'conname', node: 'indexElems whereClause' })],
  ['IndexElem', shape({ plain: 'name indexcolname ordering nulls_ordering', node: 'expr collation' })],
  [
    'UpdateStmt',
    shape({
      node: 'targetList whereClause returningList',
      read: 'fromClause',
      RangeVar: 'relation',
      WithClause: 'withClause',
    }),
  ],
  [
    'DeleteStmt',
    shape({ node: 'whereClause returningList', read: 'usingClause', RangeVar: 'relation', WithClause: 'withClause' }),
  ],
  [
    'MergeStmt',
    shape({
      node: 'joinCondition mergeWhenClauses returningList',
      read: 'sourceRelation',
      RangeVar: 'relation',
      WithClause: 'withClause',
    }),
  ],
  ['MergeWhenClause', shape({ plain: 'matchKind commandType override', node: 'condition targetList values' })],
  ['ExplainStmt', shape({ node: 'query', options: 'options' })],
  ['WithClause', shape({ plain: 'recursive', node: 'ctes' })],
  [
    'CommonTableExpr',
    shape({
      plain: 'ctename ctematerialized',
      node: 'aliascolnames ctequery',
      CTESearchClause: 'search_clause',
      CTECycleClause: 'cycle_clause',
    }),
  ],
  ['CTESearchClause', shape({ plain: 'search_breadth_first search_seq_column', node: 'search_col_list' })],
  [
    'CTECycleClause',
    shape({
      plain: 'cycle_mark_column cycle_path_column',
      node: 'cycle_col_list cycle_mark_value cycle_mark_default',
    }),
  ],
  ['ResTarget', shape({ plain: 'name', node: 'indirection val' })],
  ['RangeVar', shape({ plain: 'catalogname schemaname relname inh relpersistence', Alias: 'alias' })],
  ['RangeSubselect', shape({ plain: 'lateral', node: 'subquery', Alias: 'alias' })],
  ['RangeFunction', shape({ plain: 'lateral ordinality is_rowsfrom', node: 'functions coldeflist', Alias: 'alias' })],
  ['RangeTableSample', shape({ node: 'relation args repeatable', sampling: 'method' })],
  ['ColumnDef', shape({ plain: 'colname is_local', TypeName: 'typeName', CollateClause: 'collClause' })],
  [
    'JoinExpr',
    shape({ plain: 'jointype isNatural', node: 'larg rarg usingClause quals', Alias: 'alias join_using_alias' }),
  ],
  ['Alias', shape({ plain: 'aliasname', node: 'colnames' })],
  ['SortBy', shape({ plain: 'sortby_dir sortby_nulls', node: 'node', operator: 'useOp' })],
  [
    'WindowDef',
    shape({ plain: 'name refname frameOptions', node: 'partitionClause orderClause startOffset endOffset' }),
  ],
  ['GroupingSet', shape({ plain: 'kind', node: 'content' })],
];

/** What EXPLAIN may be asked for; an extension can bring options that do more. */
export const EXPLAIN_OPTIONS: ReadonlySet<string> = new Set(
  'analyze verbose costs settings generic_plan buffers serialize wal timing summary memory format'.split(' '),
);

/** Ways to take a sample; others are functions of an extension. */
export const SAMPLINGS: ReadonlySet<string> = new Set(['bernoulli', 'system']);
