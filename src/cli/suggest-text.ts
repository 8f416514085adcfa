import type { Suggestion } from '../policy/suggest/suggestion.ts';
import { visible } from '../settings/visible.ts';
import { annotatedJson } from '../settings/write-policy/annotated.ts';
import { leftText } from './approvals-times.ts';
import { timeOf } from './pinned-servers.ts';

/** A suggestion with the server that it is for. */
export interface ForServer {
  readonly server: string;
  readonly suggestion: Suggestion;
}

const DAY = 86_400_000;
/** More that was left out is only counted. */
const MOST_TOLD = 20;

/** The policy as a file: why each rule stands there is told beside it. */
export function suggestionText({ server, suggestion }: ForServer): string {
  const { policy, evidence, leftOut } = suggestion;
  const notes = new Map(evidence.map(({ pointer, says }) => [pointer, [says]]));
  return annotatedJson(policy, notes.set('', [...headLines(server, suggestion), ...leftOutLines(leftOut)]));
}

function headLines(server: string, suggestion: Suggestion): readonly string[] {
  const { calls, grants, first, last } = suggestion;
  return [
    `A policy for the server ${server}, suggested from ${amount(calls, 'call')} of ${amount(grants, 'grant')} that passed,`,
    `${timeOf(first)} to ${timeOf(last)}. All of them would pass again; most of what was not seen would not.`,
    'Read it before it is put in force: what was allowed so far need not be what should be.',
    ...shortnessLines(suggestion),
  ];
}

/** What a usual day is like is not to be learnt from less. */
function shortnessLines({ calls, first, last }: Suggestion): readonly string[] {
  if (calls === 1 || last - first >= DAY) return [];
  return [`They came within ${leftText(Math.max(1, (last - first) / 1000))}: look at limits that count longer.`];
}

function leftOutLines(leftOut: Suggestion['leftOut']): readonly string[] {
  if (leftOut.length === 0) return [];
  const more = leftOut.length - MOST_TOLD;
  return [
    'No rule speaks of:',
    ...leftOut.slice(0, MOST_TOLD).map(({ what, why }) => `- ${what}: ${why}`),
    ...(more > 0 ? [`and ${more} more; --json tells all`] : []),
  ];
}

/** The same for programs. */
export function suggestionJson({ server, suggestion }: ForServer): object {
  const { policy, evidence, leftOut, calls, grants, first, last } = suggestion;
  return {
    server,
    calls,
    grants,
    first: timeOf(first),
    last: timeOf(last),
    policy,
    evidence: evidence.map((one) => ({ ...one, first: timeOf(one.first), last: timeOf(one.last) })),
    leftOut,
  };
}

/** What was suggested, in a few words. */
export function summaryLine({ server, suggestion }: ForServer): string {
  const { evidence, calls, grants, leftOut } = suggestion;
  const entries = evidence.filter(({ pointer }) => pointer.split('/').length === 3).length;
  const limits = evidence.filter(({ pointer }) => /\/limits\/\d+$/.test(pointer)).length;
  const rules = evidence.length - entries - limits;
  const left = leftOut.length === 0 ? '' : `; ${leftOut.length} left out`;
  return visible(
    `${server}: ${amount(entries, 'entry', 'entries')}, ${amount(rules, 'rule')}, ${amount(limits, 'limit')} from ${amount(calls, 'call')} of ${amount(grants, 'grant')}${left}`,
  );
}

function amount(count: number, one: string, many: string = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
