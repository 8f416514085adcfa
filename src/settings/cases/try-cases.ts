import { dirname, resolve } from 'node:path';
import { memoryCounters } from '../../policy/count/memory-counters.ts';
import type { Policies } from '../../policy/policy.ts';
import { counterClash } from '../check-counters.ts';
import type { FileProblem } from '../problem.ts';
import { type FileDocument, readDocument } from '../read-document.ts';
import type { Item, Reading } from '../reading.ts';
import type { CallCase, Case, DocumentCase } from './case.ts';
import { type Finding, findingsOf, problemFindings } from './finding.ts';
import type { Library } from './library.ts';
import type { Tools } from './listed-tools.ts';
import { type ReadCases, readCases } from './read-cases.ts';
import { type Answer, sayTo } from './say-to.ts';
import { type Shelf, shelfOf } from './shelf.ts';

export interface Tried {
  readonly case: Case;
  readonly line: number;
  readonly passed: boolean;
  readonly findings: readonly Finding[];
  /** Earlier calls that did not pass, and so were not counted. */
  readonly unpassed: string | undefined;
  /** Why the case could not be judged. */
  readonly problems: readonly FileProblem[];
}

/** What became of a file of cases: none is judged while the file itself is broken. */
export interface TriedFile {
  readonly file: string;
  readonly problems: readonly FileProblem[];
  readonly tried: readonly Tried[];
}

export interface TryOptions {
  readonly library: Library;
  /** Absolute path of the policy for cases that name none. */
  readonly policy: string | undefined;
  /** Whether a case of this name is to be judged. */
  readonly isMeant: (name: string) => boolean;
}

/** Reads a file of cases and judges each as the gateway would. Never rejects. */
export async function tryCases(file: string, { library, policy, isMeant }: TryOptions): Promise<TriedFile> {
  const read = await readDocument(file);
  if (read.kind === 'problem') return { file, problems: [read.problem], tried: [] };
  const { document } = read;
  const shelf = shelfOf(library, document, (path) => resolve(dirname(file), path));
  const reading: Reading = { env: {}, found: [] };
  const otherwise: Item | undefined = policy === undefined ? undefined : { value: policy, pointer: '' };
  const cases = readCases(reading, { value: document.value, pointer: '' }, otherwise);
  const found = reading.found.map(({ pointer, message }) => document.problem(pointer, message));
  const problems = [...found, ...(await sharedProblems(shelf, cases))];
  if (problems.length > 0) return { file, problems, tried: [] };
  const tried: Tried[] = [];
  for (const one of cases.cases) if (isMeant(one.name)) tried.push(await tryCase(shelf, document, one));
  return { file, problems, tried };
}

/** What stands above the cases is told once, not once for each of them. */
async function sharedProblems(shelf: Shelf, { around }: ReadCases): Promise<readonly FileProblem[]> {
  const { policy, baseline, tools } = around;
  const taken = [
    ...(policy ? [await shelf.policy(policy, 'policy')] : []),
    ...(baseline && baseline.value !== null ? [await shelf.policy(baseline, 'baseline')] : []),
    ...(tools && tools.value !== null ? [await shelf.tools(tools)] : []),
  ];
  return taken.flatMap((one) => (one.kind === 'problems' ? one.problems : []));
}

async function tryCase(shelf: Shelf, document: FileDocument, one: Case): Promise<Tried> {
  const { line } = document.problem(one.pointer, '');
  const tried = one.kind === 'call' ? await tryCall(shelf, document, one) : await tryDocument(shelf, one);
  const passed = tried.problems.length === 0 && tried.findings.every(({ isAsWanted }) => isAsWanted);
  return { case: one, line, passed, ...tried };
}

type Outcome = Pick<Tried, 'findings' | 'unpassed' | 'problems'>;

async function tryCall(shelf: Shelf, document: FileDocument, one: CallCase): Promise<Outcome> {
  const policy = await shelf.policy(one.policy, 'policy');
  const baseline = one.baseline && (await shelf.policy(one.baseline, 'baseline'));
  const tools = one.tools && (await shelf.tools(one.tools));
  if (policy.kind === 'problems') return broken(policy.problems);
  if (baseline?.kind === 'problems') return broken(baseline.problems);
  if (tools?.kind === 'problems') return broken(tools.problems);
  const clash = baseline && counterClash(policy.value, baseline.value);
  if (clash !== undefined) return broken([document.problem(one.pointer, clash)]);
  return judged(one, { policy: policy.value.policy, baseline: baseline?.value.policy }, tools?.value);
}

function judged(one: CallCase, policies: Policies, tools: Tools | undefined): Outcome {
  const counters = memoryCounters();
  let made = 0;
  const refused: Answer[] = [];
  for (const step of one.earlier) {
    for (let time = 0; time < step.times; time++) {
      const answer = sayTo(counters, policies, tools, step);
      made++;
      if (answer.effect !== 'allow') refused.push(answer);
    }
  }
  const answer = sayTo(counters, policies, tools, one.asked);
  const [first] = refused;
  const unpassed = first && `${refused.length} of ${made} did not pass: ${first.rule}`;
  return { findings: findingsOf(one.want, answer), unpassed, problems: [] };
}

async function tryDocument(shelf: Shelf, one: DocumentCase): Promise<Outcome> {
  const taken = await shelf.policy(one.policy, 'policy');
  const problems = taken.kind === 'taken' ? [] : taken.problems;
  // Places in the file of cases are told as places in the document; those of another file are so already.
  const skipped = typeof one.policy.value === 'string' ? 0 : one.policy.pointer.length;
  const within = problems.map((found) => ({ ...found, pointer: found.pointer.slice(skipped) }));
  return { findings: problemFindings(one, within), unpassed: undefined, problems: [] };
}

function broken(problems: readonly FileProblem[]): Outcome {
  return { findings: [], unpassed: undefined, problems };
}
