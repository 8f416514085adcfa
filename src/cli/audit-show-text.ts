import type { OneRecord } from '../gateway/audit/find/find-one.ts';
import { visible, visibleJson } from '../settings/visible.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { writeJson } from '../wire/write-json.ts';
import type { KeptBeside } from './audit-kept.ts';
import { shownName } from './shown-name.ts';
import { tableLines } from './table.ts';

/** Who asked whom for what, and what was said to it; whatever else a record has comes behind. */
const FIRST: readonly string[] = [
  ...['grant', 'owner', 'client', 'session', 'server', 'method', 'tool', 'target', 'class', 'args'],
  ...['decision', 'rule', 'ruleId', 'reason', 'wouldHave', 'approval', 'approvedBy'],
];
/** Told in other places. */
const APART: readonly string[] = ['id', 'kind', 'event', 'time', 'seq', 'writer', 'hash', 'outcome', 'limits'];

/** Everything about one record, for people; whatever an agent or server wrote is made harmless to the terminal. */
export function oneRecordText({ record, events, links }: OneRecord, kept: KeptBeside | undefined): string {
  const rows: (readonly string[])[] = [['time', text(record['time'])]];
  const { kind, event, outcome, limits } = record;
  rows.push(['what', text(kind === 'event' ? event : kind)]);
  const others = Object.keys(record).filter((key) => !FIRST.includes(key) && !APART.includes(key));
  for (const key of [...FIRST, ...others]) {
    if (record[key] !== undefined) rows.push([text(key), text(record[key])]);
    else if (key === 'args' && kept !== undefined) rows.push([key, keptText(kept)]);
  }
  if (isArray(limits)) for (const limit of limits) rows.push(['counter', limitText(limit)]);
  if (outcome !== undefined) rows.push(['outcome', outcomeText(outcome)]);
  for (const one of events) rows.push([text(one['time']), eventText(one)]);
  for (const link of links) {
    rows.push(['link', `${text(link.kind)}: writer ${text(link.writer)}, record ${link.seq}, hash ${text(link.hash)}`]);
  }
  return [text(record['id']), ...tableLines(rows).map((line) => `  ${line}`), ''].join('\n');
}

function keptText(kept: KeptBeside): string {
  switch (kept.kind) {
    case 'open':
      return kept.digest === 'differs'
        ? `${text(kept.args)} — not those of argsDigest: they were changed in the store`
        : text(kept.args);
    case 'erased':
      return 'erased';
    case 'locked':
      return 'sealed with a key that is not here; --config names the configuration that has it';
    case 'broken':
      return 'not as they were sealed: they were changed in the store';
  }
}

function outcomeText(outcome: Json): string {
  if (!isObject(outcome)) return text(outcome);
  const { kind, latency, ...rest } = outcome;
  if (kind === 'unknown') return 'unknown: none is on record';
  const took = isObject(latency) ? `, ${msText(latency['serverUs'])} at the server` : '';
  const more = Object.entries(rest).map(([key, value]) => `, ${text(key)} ${text(value)}`);
  return `${text(kind)}${took}${more.join('')}`;
}

function msText(us: Json | undefined): string {
  return typeof us === 'number' ? `${(us / 1_000).toFixed(1)} ms` : '-';
}

function limitText(limit: Json): string {
  if (!isObject(limit)) return text(limit);
  const { counter, scope, used, max } = limit;
  return `${text(counter)} of the ${text(scope)}: ${text(used)} of ${text(max)}`;
}

/** What happened to the question, and who did it. */
function eventText(line: JsonObject): string {
  const { event, kind, said, by, channel, note, why, outcome } = line;
  const what = event === undefined ? `${text(kind)}: ${text(line['decision'])}` : text(event);
  const came = isObject(outcome) ? `, outcome ${text(outcome['kind'])}` : '';
  const who = typeof by === 'string' ? ` by ${shownName(by)}` : '';
  const where = typeof channel === 'string' ? ` (${text(channel)})` : '';
  const reasons = [note, why].flatMap((one) => (typeof one === 'string' ? [` — ${text(one)}`] : []));
  return `${what}${said === undefined ? '' : `: ${text(said)}`}${who}${where}${reasons.join('')}${came}`;
}

function text(value: Json | undefined): string {
  if (typeof value === 'string') return visible(value);
  return value === undefined ? '-' : visibleJson(writeJson(value));
}
