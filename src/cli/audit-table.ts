import { isOfPeople } from '../gateway/audit/find/is-of-people.ts';
import { visible } from '../settings/visible.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { shortCell } from './table.ts';

/** Above the rows of `auditRow`. */
export const AUDIT_HEAD: readonly string[] = ['TIME', 'GRANT', 'SERVER', 'TOOL', 'DECISION', 'RULE', 'OUTCOME', 'ID'];
const WIDEST = 48;

/** A record as the cells of a table for people; whatever an agent or server wrote is made harmless to the terminal. */
export function auditRow(line: JsonObject): readonly string[] {
  const { event, id } = line;
  const isPeoples = typeof event === 'string' && isOfPeople(event);
  return [...(isPeoples ? peopleCells(line) : cells(line)), id].map(cell);
}

/** In the place of a decision what happened, in that of an outcome who did it. */
function peopleCells(line: JsonObject): readonly (Json | undefined)[] {
  const { time, grant, server, said } = line;
  const target =
    line['policyName'] ?? line['tool'] ?? line['target'] ?? line['hook'] ?? line['export'] ?? line['approval'];
  const event = said === undefined ? line['event'] : `${line['event']}: ${said}`;
  return [time, grant, server, target, event, line['rule'], whoOf(line)];
}

function whoOf({ by, channel, why, names }: JsonObject): Json | undefined {
  if (isArray(names)) return names.join(', ');
  // Who only looks need be nobody in particular.
  if (typeof by !== 'string') return channel ?? why;
  return channel === undefined ? `by ${by}` : `by ${by} (${channel})`;
}

function cells(line: JsonObject): readonly (Json | undefined)[] {
  const target = line['tool'] ?? line['target'] ?? line['method'] ?? line['event'] ?? line['source'];
  const { time, grant, server, rule, outcome } = line;
  return [time, grant, server, target, decisionOf(line), rule, outcomeOf(outcome)];
}

/** With what the rules in shadow would have said, where that is something else. */
function decisionOf({ decision, kind, wouldHave }: JsonObject): Json | undefined {
  if (isObject(wouldHave)) return `${decision} (would have: ${wouldHave['decision']})`;
  return decision ?? (kind === 'call' ? undefined : kind);
}

function outcomeOf(outcome: Json | undefined): Json | undefined {
  if (!isObject(outcome)) return undefined;
  const { kind, withheld, masked } = outcome;
  if (withheld !== undefined) return `${kind}, withheld`;
  return typeof masked === 'number' && masked > 0 ? `${kind}, masked ${masked}` : kind;
}

function cell(value: Json | undefined): string {
  const text = visible(typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value));
  return text === '' ? '-' : shortCell(text, WIDEST);
}
