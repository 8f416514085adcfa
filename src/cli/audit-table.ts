import { visible } from '../settings/visible.ts';
import { isObject, type Json, type JsonObject } from '../wire/json.ts';

const HEAD: readonly string[] = ['TIME', 'GRANT', 'SERVER', 'TOOL', 'DECISION', 'RULE', 'OUTCOME'];
const WIDEST = 48;

/** The lines of a table for people; whatever an agent or server wrote is made harmless to the terminal. */
export function auditTable(lines: readonly JsonObject[]): readonly string[] {
  const rows = [HEAD, ...lines.map(row)];
  const widths = HEAD.map((_, column) =>
    rows.reduce((widest, cells) => Math.max(widest, lengthOf(cells[column] ?? '')), 0),
  );
  return rows.map((cells) =>
    cells
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
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
  if (text === '') return '-';
  const characters = [...text];
  return characters.length > WIDEST ? `${characters.slice(0, WIDEST - 1).join('')}…` : text;
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(width - lengthOf(text));
}

function lengthOf(text: string): number {
  return [...text].length;
}
