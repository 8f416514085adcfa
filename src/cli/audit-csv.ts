import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';

type Cell = string | number | undefined;

/** The columns, which do not change: new ones come behind them. */
const COLUMNS: { readonly [name: string]: (line: JsonObject) => Json | undefined } = {
  time: ({ time }) => time,
  id: ({ id }) => id,
  kind: ({ kind }) => kind,
  event: ({ event }) => event,
  grant: ({ grant }) => grant,
  owner: ({ owner }) => owner,
  session: ({ session }) => session,
  client: ({ client }) => memberOf(client, 'name'),
  server: ({ server }) => server,
  method: ({ method }) => method,
  tool: ({ tool, target }) => tool ?? target,
  class: (line) => line['class'],
  decision: ({ decision }) => decision,
  rule: ({ rule }) => rule,
  rule_id: ({ ruleId }) => ruleId,
  document: ({ document }) => document,
  reason: ({ reason }) => reason,
  would_have: ({ wouldHave }) => memberOf(wouldHave, 'decision'),
  would_have_rule: ({ wouldHave }) => memberOf(wouldHave, 'rule'),
  approval: ({ approval }) => approval,
  by: ({ approvedBy, by }) => approvedBy ?? by,
  outcome: ({ outcome }) => memberOf(outcome, 'kind'),
  outcome_detail: ({ outcome }) => memberOf(outcome, 'detail'),
  withheld: ({ outcome }) => memberOf(outcome, 'withheld'),
  masked: ({ outcome }) => memberOf(outcome, 'masked'),
  server_us: ({ outcome }) => memberOf(memberOf(outcome, 'latency'), 'serverUs'),
  arguments: ({ args }) => args,
  arguments_digest: ({ argsDigest }) => argsDigest,
  writer: ({ writer }) => writer,
  seq: ({ seq }) => seq,
  hash: ({ hash }) => hash,
};

export const CSV_HEAD: readonly string[] = Object.keys(COLUMNS);

/** A record as the cells of a spreadsheet. */
export function csvCells(line: JsonObject): readonly Cell[] {
  return Object.values(COLUMNS).map((of) => cellOf(of(line)));
}

function cellOf(value: Json | undefined): Cell {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (isArray(value) && value.every((one) => typeof one === 'string')) return value.join(' ');
  return writeJson(value);
}

function memberOf(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value[key] : undefined;
}
