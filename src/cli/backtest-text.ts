import type { Backtest } from '../replay/backtest.ts';
import type { RecordedRuling } from '../replay/recorded-call.ts';
import type { Called, Changed, Direction, Shadowed } from '../replay/report.ts';
import type { Unknown } from '../replay/witness.ts';
import { timeText } from './approvals-times.ts';
import { timeOf } from './pinned-servers.ts';

const TITLES: { readonly [direction in Direction]: string } = { tighter: 'Tighter', looser: 'Looser' };
const MARKS: { readonly [direction in Direction]: string } = { tighter: '+', looser: '-' };
const WORDS = { allow: 'allowed', require_approval: 'asked', deny: 'denied' } as const;
const WHY: { readonly [what in Unknown]: string } = {
  arguments: 'the draft looks at arguments that were not kept, or that no key here opens',
  labels: 'the draft looks at labels, and the record is of a version that kept none',
  definition: 'the draft looks at the definition of the tool, which is another now or was not kept',
  client: 'the draft looks at the name of the client, which was cut short',
  counts: 'it depends on calls of which it cannot be told whether they would have passed',
};

/** A backtest in words, line by line. */
export function backtestLines(found: Backtest): readonly string[] {
  const directions: readonly Direction[] = ['tighter', 'looser'];
  return [
    summary(found),
    ...notes(found),
    ...directions.flatMap((direction) => {
      const own = found.changes.filter((change) => change.direction === direction);
      return own.length === 0 ? [] : ['', `${TITLES[direction]}:`, ...own.flatMap(changeLines)];
    }),
    ...section(
      'Cannot tell',
      found.unknown.map(({ why, count, ...called }) => `  ${titleOf(called)}: ${counted(count)}; ${WHY[why]}`),
    ),
    ...section(
      'Not judged by a policy',
      found.outside.map(({ rule, count }) => `  ${rule}: ${counted(count)}`),
    ),
    ...section('The rules in shadow said then', found.shadow.recorded.map(shadowLine)),
    ...section('The rules in shadow of the draft would have said', found.shadow.draft.map(shadowLine)),
  ];
}

function summary({ since, until, calls, unchanged, looser, tighter, cannotTell, notJudged }: Backtest): string {
  const span = `${seconds(since)} to ${seconds(until)}`;
  const parts = `${tighter} tighter, ${looser} looser, ${unchanged} unchanged, ${cannotTell} cannot be told, ${notJudged} not judged by a policy`;
  return `${counted(calls)}, ${span}: ${parts}`;
}

function notes({ logBegins, lookedFrom, underBaseline, repeated }: Backtest): readonly string[] {
  const told: string[] = [];
  if (logBegins !== undefined) {
    told.push(
      `note: the log begins at ${seconds(logBegins)}; the limits look back to ${seconds(lookedFrom)}, and calls before that are not counted`,
    );
  }
  if (repeated > 0)
    told.push(`note: ${repeated} more records are of calls that are counted already: a person was asked about them`);
  if (underBaseline > 0) told.push(`note: ${counted(underBaseline)} were judged by a baseline too`);
  return told;
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines];
}

function changeLines(change: Changed): readonly string[] {
  const { direction, recorded, draft, count, grants, first, last, examples } = change;
  const span = count === 1 ? seconds(first) : `${seconds(first)} to ${seconds(last)}`;
  return [
    `  ${MARKS[direction]} ${titleOf(change)}: ${rulingText(recorded)} → ${rulingText(draft)}`,
    `      ${counted(count)} of ${grants === 1 ? '1 grant' : `${grants} grants`}, ${span}`,
    ...examples.map(({ id, at, grant, args }) => `      ${timeOf(at)}  ${grant}  ${id}  ${args ?? ''}`.trimEnd()),
  ];
}

function titleOf({ server, kind, name }: Called): string {
  return `${kind} ${name} of ${server}`;
}

function shadowLine({ would, count, ...called }: Shadowed): string {
  return `  ${titleOf(called)}: ${rulingText(would)}, ${counted(count)}`;
}

function rulingText({ effect, rule, id, document }: RecordedRuling): string {
  const named = id === undefined ? rule : `${rule} "${id}"`;
  return `${WORDS[effect]} by ${document === 'baseline' ? `${named} of the baseline` : named}`;
}

function counted(count: number): string {
  return count === 1 ? '1 call' : `${count} calls`;
}

function seconds(at: number): string {
  return timeText(timeOf(at));
}
