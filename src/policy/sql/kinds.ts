/** What a statement, wherever in the text it stands, may be. */
export type SqlKind = 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'explain';

export const SQL_KINDS: readonly SqlKind[] = ['select', 'insert', 'update', 'delete', 'merge', 'explain'];

/** What the author of a condition allows. */
export interface Allowance {
  readonly kinds: ReadonlySet<SqlKind>;
  /** Functions, types and operators beyond the built-in pure ones, as written, the schema before a dot. */
  readonly names: ReadonlySet<string>;
}
