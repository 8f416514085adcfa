import { objectOf } from '../../wire/json.ts';
import { type ArgumentRule, allOf, given, holds, not, ruleFor, valuePath, wherePresent } from './argument-rule.ts';
import { shown } from './id-rule.ts';
import { isFreeText, type Parameter } from './parameter.ts';

/** What is known of the database behind a tool: by the words of its server's name and its own. */
export type Dialect = 'postgresql' | 'mysql' | 'sqlite' | 'unknown';

/** Query languages that are not SQL, and databases whose SQL is their own. */
const OTHERS =
  /clickhouse|bigquery|snowflake|duckdb|oracle|mssql|sql server|t-?sql|athena|trino|spark|cypher|promql|logql|kusto|kql|jql|soql|graphql|redis|mongo/i;

/** `own`: what the tool says of itself, which goes before the name of its server. */
export function dialectOf(own: string, server: string): Dialect {
  for (const words of [own, server]) {
    if (OTHERS.test(words)) return 'unknown';
    if (/postgres|(?:^|[^a-z])pg(?:[^a-z]|$)|supabase|neon(?:[^a-z]|$)|crystaldba/i.test(words)) return 'postgresql';
    if (/mysql|mariadb/i.test(words)) return 'mysql';
    if (/sqlite/i.test(words)) return 'sqlite';
  }
  return 'unknown';
}

const SELECT = objectOf([
  ['kinds', ['select']],
  ['dialect', 'postgresql'],
]);
const WRITES: readonly string[] = [
  'drop table users',
  'with gone as (delete from users returning *) select * from gone',
];

/** `reads`: a tool that is meant to query may do nothing else; of another a person is asked whatever is no query. */
export function sqlRule(parameter: Parameter, meant: 'reads' | 'anything'): ArgumentRule | undefined {
  if (!isFreeText(parameter.elements ?? parameter)) return undefined;
  const name = shown(parameter.name);
  const shared = { kind: 'select', good: given(parameter, ['select 1']), bad: given(parameter, WRITES) };
  if (meant === 'reads') {
    return ruleFor(parameter, {
      ...shared,
      list: 'require',
      onDeny: `${name} may only read: one select, without functions that do more.`,
      condition: wherePresent(parameter, (path) => holds(path, 'sql_only', SELECT)),
      note: `${name} may hold nothing but select. Name your own functions under "functions", and give the tool an account that may only read.`,
    });
  }
  const path = valuePath(parameter);
  const isOther = not(holds(path, 'sql_only', SELECT));
  return ruleFor(parameter, {
    ...shared,
    list: 'approve_if',
    onDeny: `${name} does more than read, or cannot be judged: a person decides.`,
    // An absent text is no select either, but nothing is carried out.
    condition: parameter.isRequired ? isOther : allOf([holds(parameter.path, 'exists', true), isOther]),
    note: `A person is asked where ${name} is anything but select. If this server is only to be queried, write the condition into "require" without "not".`,
  });
}
