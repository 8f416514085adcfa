import { visible } from '../settings/visible.ts';
import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import { shortCell, tableLines } from './table.ts';

const HEAD: readonly string[] = ['TIME', 'GRANT', 'SERVER', 'TOOL', 'DECISION', 'RULE', 'OUTCOME'];
const WIDEST = 48;
const RARE: readonly string[] = [
  'policy changed',
  'policy written',
  'policy not written',
  'people changed',
  'audit key changed',
  'records removed',
  'notice given up',
  'export failing',
  'export works again',
  'export refused records',
  'export missed records',
];

/** Whether an event belongs to what was decided: what became of a question to people, and what they changed in the rules. */
export function isOfPeople({ event }: JsonObject): boolean {
  if (typeof event !== 'string') return false;
  return event.startsWith('approval ') || RARE.includes(event);
}

/** The lines of a table for people; whatever an agent or server wrote is made harmless to the terminal. */
export function auditTable(lines: readonly JsonObject[]): readonly string[] {
  return tableLines([HEAD, ...lines.map((line) => (isOfPeople(line) ? peopleRow(line) : row(line)))]);
}

/** In the place of a decision what happened, in that of an outcome who did it. */
function peopleRow(line: JsonObject): readonly string[] {
  const { time, grant, server, said } = line;
  const target =
    line['policyName'] ?? line['tool'] ?? line['target'] ?? line['hook'] ?? line['export'] ?? line['approval'];
  const event = said === undefined ? line['event'] : `${line['event']}: ${said}`;
  return [time, grant, server, target, event, line['rule'], whoOf(line)].map(cell);
}

function whoOf({ by, channel, why, names }: JsonObject): Json | undefined {
  if (isArray(names)) return names.join(', ');
  // Who only looks need be nobody in particular.
  if (typeof by !== 'string') return channel ?? why;
  return channel === undefined ? `by ${by}` : `by ${by} (${channel})`;
}

function row(line: JsonObject): readonly string[] {
  const target = line['tool'] ?? line['target'] ?? line['method'] ?? line['event'] ?? line['source'];
  const cells = [line['time'], line['grant'], line['server'], target, decisionOf(line), line['rule']];
  return [...cells, outcomeOf(line['outcome'])].map(cell);
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
