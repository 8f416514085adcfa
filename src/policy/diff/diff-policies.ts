import { objectOf } from '../../wire/json.ts';
import type { Definition } from '../decision.ts';
import type { Rules } from '../policy.ts';
import { type Named, sidesOf } from '../standing.ts';
import { type Change, type Verdict, verdictOf } from './change.ts';
import { compareDocuments } from './compare-document.ts';
import { compareViews } from './compare-views.ts';
import { findWitnesses, type Witness } from './find-witnesses.ts';
import { type Reader, readerOf, type Version } from './reader.ts';
import { sampleArguments } from './sample-arguments.ts';
import { settingsOf } from './settings.ts';
import { type KnownTool, type Subject, type Subjects, subjectsOf } from './subjects.ts';
import { type Views, viewsOf } from './view.ts';

/** What changes for a name, or for all of them (`document`). */
export interface Difference {
  readonly kind: Subject['kind'] | 'document';
  readonly name: string;
  readonly label: string;
  readonly class: Subject['class'];
  readonly verdict: Verdict;
  readonly changes: readonly Change[];
  /** Calls that are answered otherwise now; one for each direction at most. */
  readonly witnesses: readonly Witness[];
}

export interface PolicyDiff {
  readonly differences: readonly Difference[];
  readonly coverage: Subjects['coverage'];
}

export interface DiffQuestion {
  readonly before: Version;
  readonly after: Version;
  /** The tools of the server, where they are known. */
  readonly tools: readonly KnownTool[] | undefined;
  /** The time of the calls that are tried, ms since the epoch. */
  readonly at: number;
}

/** Calls that are judged in search of examples, for all names together, and for one. */
const BUDGET = 30_000;
const MOST = 500;
const FEWEST = 24;
const START = {
  args: objectOf([]),
  caller: {
    grant: { name: 'local', owner: 'local', labels: {} },
    server: 'local',
    session: 'local',
    client: { name: undefined, version: undefined },
  },
  calls: [],
} as const;
/** Stands for a tool of which nothing is known: its own schema is not what is compared here. */
const ANY_TOOL: Definition = {
  annotations: objectOf([]),
  input: () => ({ kind: 'schema', check: () => undefined }),
};

/** Compares what two documents mean, name by name. */
export function diffPolicies(question: DiffQuestion): PolicyDiff {
  const { before, after, tools } = question;
  const { subjects, coverage } = subjectsOf(before.policy, after.policy, tools);
  const compared = compareSubjects(readerOf(before), readerOf(after), subjects);
  const regions = new Map(compared.map(({ region }) => [region.key, region] as const));
  const changed = [...regions.values()].filter(({ changes }) => changes.length > 0);
  const budget = Math.max(FEWEST, Math.min(MOST, Math.floor(BUDGET / Math.max(1, changed.length))));
  const witnesses = new Map(changed.map((region) => [region.key, witnessesOf(question, region, budget)] as const));
  const differences = withoutEchoes(compared).flatMap(({ subject, region }) =>
    differenceOf(subject, region.changes, witnesses.get(region.key) ?? []),
  );
  return { differences: [...wholeOf(before, after), ...differences], coverage };
}

/** Names that the same rules judge in both documents. */
interface Region {
  readonly key: string;
  /** The first of them. */
  readonly subject: Subject;
  readonly before: Views;
  readonly after: Views;
  readonly changes: readonly Change[];
}

interface Compared {
  readonly subject: Subject;
  readonly region: Region;
}

function compareSubjects(before: Reader, after: Reader, subjects: readonly Subject[]): readonly Compared[] {
  const regions = new Map<string, Region>();
  const numbers = new Map<Rules, number>();
  const compared: Compared[] = [];
  for (const subject of subjects) {
    const key = `${subject.kind} ${sideKey(before, subject, numbers)} ${sideKey(after, subject, numbers)}`;
    const known = regions.get(key);
    if (known !== undefined && subject.role === 'probe') continue;
    const region = known ?? regionOf(key, subject, before, after);
    regions.set(key, region);
    compared.push({ subject, region });
  }
  return compared;
}

/** A tool of some class for which the same is told as for the tool of unknown class is not told apart. */
function withoutEchoes(compared: readonly Compared[]): readonly Compared[] {
  const nameOf = ({ kind, name }: Subject): string => `${kind} ${name}`;
  const told = new Map<string, string>();
  for (const { subject, region } of compared) {
    if (subject.role === 'named') told.set(nameOf(subject), wordsOf(region));
  }
  return compared.filter(
    ({ subject, region }) => subject.role === 'named' || told.get(nameOf(subject)) !== wordsOf(region),
  );
}

function wordsOf({ changes }: Region): string {
  return changes.map(({ direction, words }) => `${direction} ${words}`).join('\n');
}

function regionOf(key: string, subject: Subject, before: Reader, after: Reader): Region {
  const [old, young] = [viewsOf(before, subject), viewsOf(after, subject)];
  return { key, subject, before: old, after: young, changes: compareViews(old, young) };
}

function sideKey({ policy }: Reader, named: Named, numbers: Map<Rules, number>): string {
  const { entry, hidden } = sidesOf({ policy, baseline: undefined }, named).policy;
  const number = numbers.get(entry) ?? numbers.size;
  numbers.set(entry, number);
  return hidden === undefined ? String(number) : `${number} hidden`;
}

function witnessesOf(question: DiffQuestion, { subject, before, after }: Region, budget: number): readonly Witness[] {
  const { tool } = subject;
  return findWitnesses({
    before: question.before.policy,
    after: question.after.policy,
    named: subject,
    definition: tool?.definition ?? ANY_TOOL,
    settings: settingsOf(before.enforced, after.enforced),
    start: { ...START, at: question.at, args: sampleArguments(tool?.inputSchema) },
    budget,
  });
}

function differenceOf(
  subject: Subject,
  changes: readonly Change[],
  witnesses: readonly Witness[],
): readonly Difference[] {
  const { kind, name, label } = subject;
  // A call that is answered otherwise outweighs what the rules look like.
  const verdict = verdictOf([...changes, ...witnesses].map(({ direction }) => direction));
  return verdict === undefined ? [] : [{ kind, name, label, class: subject.class, verdict, changes, witnesses }];
}

function wholeOf(before: Version, after: Version): readonly Difference[] {
  const changes = compareDocuments(before, after);
  const verdict = verdictOf(changes.map(({ direction }) => direction));
  if (verdict === undefined) return [];
  return [
    { kind: 'document', name: '', label: 'the whole document', class: 'unknown', verdict, changes, witnesses: [] },
  ];
}
