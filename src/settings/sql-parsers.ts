import { NO_PARSERS, type SqlParse, type SqlParsers } from '../policy/sql/parsers.ts';
import type { Json } from '../wire/json.ts';
import { startPostgresParser } from './postgres-parser.ts';

/** Gives the parsers that a document needs: none, at no cost, where it nowhere says `sql_only`. Never rejects. */
export const sqlParsersFor: (document: Json) => Promise<SqlParsers> = loader(startPostgresParser);

/** Makes what loads the parsers, each once. */
function loader(start: () => Promise<SqlParse>): (document: Json) => Promise<SqlParsers> {
  let started: Promise<SqlParse> | undefined;
  return async (document) => {
    if (!holdsSql(document)) return NO_PARSERS;
    started ??= start();
    try {
      return { postgresql: await started };
    } catch {
      // The document is refused with a problem that says so; a later load tries again.
      started = undefined;
      return NO_PARSERS;
    }
  };
}

/** Whether the operator stands anywhere; a text that merely says so costs no more than a start of the parser. */
function holdsSql(document: Json): boolean {
  const open: Json[] = [document];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (value === 'sql_only') return true;
    if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) open.push(part);
  }
  return false;
}
