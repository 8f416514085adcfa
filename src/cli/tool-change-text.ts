import type { Finding } from '../catalogue/findings/finding.ts';
import { type Difference, differences } from '../gateway/pins/differences.ts';
import { definitionIn, type ToolChange } from '../gateway/pins/pin-records.ts';
import { shown } from '../policy/problem.ts';
import { visible } from '../settings/visible.ts';
import { type Json, objectOf } from '../wire/json.ts';
import { classLines, findingLines } from './class-text.ts';
import { type DiffLine, lineDiff } from './line-diff.ts';
import { timeOf } from './pinned-servers.ts';
import { shownName } from './shown-name.ts';

/** Lines that stay the same are told this far around those that do not. */
const AROUND = 2;

/** What changed in one tool, for people. Everything that a terminal would hide or obey is written as an escape. */
export function toolChangeLines(change: ToolChange, findings: readonly Finding[] = []): readonly string[] {
  const { tool, before, after } = change;
  const was = before === undefined ? '' : `, was ${before.digest}`;
  return [
    `  ${shownName(tool)}  ${before === undefined ? 'new' : 'changed'}`,
    ...classLines(before, after),
    ...findingLines(findings),
    ...changesIn(change).flatMap(differenceLines),
    `    sha256 ${after.digest}${was}`,
    `    first seen ${timeOf(after.at)}`,
  ];
}

/** Where a definition differs from the pinned one; for a new tool all that it says but its name. */
export function changesIn({ before, after }: ToolChange): readonly Difference[] {
  const definition = definitionIn(after.text);
  if (before !== undefined) return differences(definitionIn(before.text), definition);
  return differences(objectOf([]), definition).filter(({ pointer }) => pointer !== '/name');
}

function differenceLines({ pointer, before, after }: Difference): readonly string[] {
  const lines = lineDiff(linesOf(before), linesOf(after));
  return [`    ${visible(shown(pointer))}`, ...nearChanges(lines).map((line) => `      ${line}`.trimEnd())];
}

/** What shows as nothing, or as a space that is none, besides what `visible` knows: it carries hidden text as well. */
const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Zs}\u2800]/gu;

function unhidden(line: string): string {
  return visible(line).replace(HIDDEN, (character) => (character === ' ' ? ' ' : escaped(character)));
}

function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** A text by its lines, anything else as JSON; both without what a terminal would hide or obey. */
function linesOf(value: Json | undefined): readonly string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return value.split(/\r\n|\n/).map(unhidden);
  return JSON.stringify(value, undefined, 2).split('\n').map(unhidden);
}

function nearChanges(lines: readonly DiffLine[]): readonly string[] {
  const isNear = lines.map(() => false);
  for (const [at, { mark }] of lines.entries()) {
    if (mark !== ' ') isNear.fill(true, Math.max(0, at - AROUND), at + AROUND + 1);
  }
  return lines.flatMap(({ mark, text }, at) => {
    if (isNear[at] === true)
      return [mark === ' ' ? `  ${text}` : `${mark} ${text.replace(/ +$/, (end) => escaped(' ').repeat(end.length))}`];
    return at === 0 || isNear[at - 1] === true ? ['  …'] : [];
  });
}
