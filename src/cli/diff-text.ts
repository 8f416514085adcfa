import type { Change, Direction, Verdict } from '../policy/diff/change.ts';
import type { Difference, PolicyDiff } from '../policy/diff/diff-policies.ts';
import { type DifferenceGroup, groupDifferences } from '../policy/diff/group-differences.ts';
import { witnessWords } from '../policy/diff/witness-words.ts';
import { quoted } from '../policy/problem.ts';

const MOST_NAMED = 4;
const MOST_CHANGES = 30;
const TITLES: { readonly [verdict in Verdict]: string } = {
  looser: 'Looser',
  tighter: 'Tighter',
  changed: 'Changed: looser and tighter, or not to be compared',
  'reason only': 'Reason only',
};
const MARKS: { readonly [direction in Direction]: string } = { looser: '-', tighter: '+', unordered: '~', reason: ' ' };

/** What changes, in words, line by line. */
export function diffLines(diff: PolicyDiff, at: number): readonly string[] {
  const note =
    diff.coverage === 'all' ? [] : ['', 'Not every combination of patterns was looked at: there are too many.'];
  if (diff.differences.length === 0) {
    return [diff.coverage === 'all' ? 'No change in meaning.' : 'No change in meaning was found.', ...note];
  }
  const groups = groupDifferences(diff.differences);
  const verdicts = [...new Set(groups.map(({ first }) => first.verdict))];
  const sections = verdicts.flatMap((verdict) => {
    const own = groups.filter(({ first }) => first.verdict === verdict);
    return ['', `${TITLES[verdict]}:`, ...own.flatMap((group) => groupLines(group, at))];
  });
  return [summary(diff.differences), ...sections, ...note];
}

function summary(differences: readonly Difference[]): string {
  const count = (verdict: Verdict): number => differences.filter((one) => one.verdict === verdict).length;
  const verdicts: readonly Verdict[] = ['looser', 'tighter', 'changed', 'reason only'];
  return verdicts.map((verdict) => `${count(verdict)} ${verdict}`).join(', ');
}

function groupLines({ first, members }: DifferenceGroup, at: number): readonly string[] {
  const { changes } = first;
  const more = changes.length - MOST_CHANGES;
  const witnesses = first.witnesses.map((witness) => `      for example, ${witnessWords(witness, at)}`);
  return [
    `  ${titleOf(members)}`,
    ...changes.slice(0, MOST_CHANGES).flatMap(changeLines),
    ...(more > 0 ? [`    and ${more} more changes; --json tells them all`] : []),
    ...witnesses,
  ];
}

function titleOf(members: readonly Difference[]): string {
  const names = members.slice(0, MOST_NAMED).map(({ label }) => label);
  const more = members.length - names.length;
  const kind = members[0]?.kind;
  const told = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  const isSelfEvident = kind === 'document' || names[0]?.startsWith('every other ') === true;
  return isSelfEvident ? told : `${kind}${members.length > 1 ? 's' : ''} ${told}`;
}

function changeLines({ direction, words, before, after }: Change): readonly string[] {
  const places = before === after ? [before ?? ''] : [before ?? 'nothing', after ?? 'nothing'];
  return [`    ${MARKS[direction]} ${words}`, `        ${places.map(place).join(' → ')}`];
}

function place(pointer: string): string {
  return /[\s"]/.test(pointer) ? quoted(pointer) : pointer;
}
