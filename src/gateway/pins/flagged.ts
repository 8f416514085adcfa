import type { Finding } from '../../catalogue/findings/finding.ts';
import { plainName } from '../../catalogue/findings/plain-text.ts';
import { type Json, objectOf } from '../../wire/json.ts';
import type { Entry } from '../ports.ts';
import { eventBody } from '../record.ts';
import type { Stamp } from '../stamp.ts';

/** Something that was found in a tool's definition; without a tool, in what a server says of itself. */
export interface Flagged {
  readonly tool: string | undefined;
  readonly finding: Finding;
}

/** Findings of one look that have a record each; beyond that the last record tells how many more there were. */
const MOST_RECORDS = 20;
const MOST_LINES = 8;
const LONGEST = 200;

/** A record for each finding. */
export function flaggedRecords(stamp: Stamp, server: string, flagged: readonly Flagged[]): readonly Entry[] {
  return foremost(flagged)
    .slice(0, MOST_RECORDS)
    .map(({ tool, finding }, index) => {
      const { rule, place, quote, says } = finding;
      const told: [string, Json][] = [
        [tool === undefined ? 'in' : 'tool', cut(tool ?? 'instructions')],
        ['rule', rule],
        ['place', cut(place)],
        ['quote', cut(quote)],
        ['says', cut(says)],
      ];
      if (index === MOST_RECORDS - 1 && flagged.length > MOST_RECORDS)
        told.push(['more', flagged.length - MOST_RECORDS]);
      const body = eventBody('tool flagged', { server }, objectOf(told));
      return { id: stamp.id(), kind: 'event', at: stamp.at, body };
    });
}

/** A line for the operator for each finding. The quote shows plainly what nobody would see. */
export function flaggedLines(server: string, flagged: readonly Flagged[]): readonly string[] {
  const lines = foremost(flagged)
    .slice(0, MOST_LINES)
    .map(({ tool, finding: { rule, place, quote, says } }) => {
      const what = tool === undefined ? 'its instructions' : `tool "${plainName(tool)}"`;
      const where = place === '' || place === '/name' ? '' : ` at ${plainName(place)}`;
      return `server ${server}: ${what}${where}: ${says} (${rule})${quote === '' ? '' : `: ${quote}`}`;
    });
  const more = flagged.length - lines.length;
  return more <= 0 ? lines : [...lines, `server ${server}: ${more} more findings; toolgate tools list shows them`];
}

/** What holds a tool goes before the rest. */
function foremost(flagged: readonly Flagged[]): readonly Flagged[] {
  return flagged.toSorted((a, b) => Number(a.finding.weight === 'tells') - Number(b.finding.weight === 'tells'));
}

function cut(text: string): string {
  return text.length <= LONGEST ? text : text.slice(0, LONGEST).toWellFormed();
}
