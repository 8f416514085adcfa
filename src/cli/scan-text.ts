import { SEVERITIES } from '../catalogue/classification.ts';
import type { RiskClass } from '../policy/decision.ts';
import { unseenWritten } from '../wire/unseen.ts';
import { findingLines } from './class-text.ts';
import { inAWord, signalsOf } from './scan-words.ts';
import type { Scanned } from './scanned.ts';
import { shownName } from './shown-name.ts';
import { shortCell, tableLines } from './table.ts';

const WIDEST = 60;
/** Of a line of notes. */
const WIDTH = 100;
/** Of tools that one note is about so many are named. */
const MOST_NAMED = 8;
const CLASSES: readonly RiskClass[] = ['financial', 'destructive', 'execute', 'write', 'read', 'unknown'];

/** The table of all tools, then for each server what it comes to and what its reader has to know. */
export function scanText(servers: readonly Scanned[]): string {
  const rows = servers.flatMap(({ name, tools }) =>
    tools.map((tool) => [
      shortCell(shownName(name), WIDEST),
      shortCell(shownName(tool.name), WIDEST),
      tool.classification.class,
      tool.classification.severity,
      inAWord(tool),
      signalsOf(tool).join(', '),
    ]),
  );
  const head = ['SERVER', 'TOOL', 'CLASS', 'SEVERITY', 'RECOMMENDED', 'SIGNALS'];
  const blocks = servers.map((server) => `\n${summaryLine(server)}\n${noteLines(server).join('\n')}\n`);
  const hidden = servers.flatMap(hidingLines);
  const closely = hidden.length === 0 ? '' : `\nLook closely at these definitions:\n${hidden.join('\n')}\n`;
  return `${tableLines([head, ...rows]).join('\n')}\n${blocks.join('')}${closely}`;
}

function hidingLines({ name, tools, findings }: Scanned): readonly string[] {
  return tools.flatMap((tool, index) => {
    const lines = findingLines(findings[index] ?? []);
    return lines.length === 0 ? [] : [`  ${shownName(name)} ${shownName(tool.name)}`, ...lines];
  });
}

/** How many tools of which class, how severe, and who says so. */
function summaryLine({ name, tools, known }: Scanned): string {
  const classes = CLASSES.flatMap((one) => {
    const count = tools.filter(({ classification }) => classification.class === one).length;
    return count === 0 ? [] : [`${count} ${one}`];
  });
  const worst = SEVERITIES.findLast((one) => tools.some(({ classification }) => classification.severity === one));
  const by = known === undefined ? 'not in the catalogue' : `known to the catalogue as ${known.name}`;
  const count = tools.length === 1 ? '1 tool' : `${tools.length} tools`;
  return `${shownName(name)}: ${count}${classes.length === 0 ? '' : ` (${classes.join(', ')})`}${worst === undefined ? '' : `, at worst ${worst}`}; ${by}`;
}

function noteLines({ notes, known, tools }: Scanned): readonly string[] {
  const about = new Map<string, string[]>();
  for (const { name, notes: own } of tools) {
    for (const note of own) about.set(note, [...(about.get(note) ?? []), shownName(name)]);
  }
  const all = [...(known?.notes ?? []), ...notes].map(unseenWritten);
  const some = [...about].map(([note, names]) => `${unseenWritten(note)} [${listed(names)}]`);
  return [...all, ...some].flatMap(itemLines);
}

/** A note, broken between words. */
function itemLines(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${last === undefined ? '  - ' : '    '}${word}`);
  }
  return lines;
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
