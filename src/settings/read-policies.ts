import { dirname, isAbsolute, join, resolve } from 'node:path';
import { isObject } from '../wire/json.ts';
import { compileNamed, type NamedPolicy, type PolicySource } from './named-policy.ts';
import type { FileProblem } from './problem.ts';
import { besideNumbers, type FileDocument, type ReadDocument, readableIn, readDocument } from './read-document.ts';
import type { Item, NamedItem } from './reading.ts';
import { stampOf, type WatchedFile } from './stamp.ts';

export type PolicyTable = ReadonlyMap<string, NamedPolicy>;

/** The policies of a configuration, each as what a grant holds and, for the one named, as the baseline. */
export interface ReadPolicies {
  readonly policies: PolicyTable;
  readonly baseline: NamedPolicy | undefined;
  readonly problems: readonly FileProblem[];
  readonly files: readonly WatchedFile[];
}

interface Text {
  readonly item: NamedItem;
  readonly document: FileDocument;
  readonly value: FileDocument['value'];
  /** Where in that document the policy stands. */
  readonly pointer: string;
  readonly source: PolicySource;
}

/** Reads the policies under `policies`: inline documents, and files relative to the configuration. Never rejects. */
export async function readPolicies(
  items: readonly NamedItem[],
  baselineName: string | undefined,
  configuration: FileDocument,
  file: string,
): Promise<ReadPolicies> {
  const problems: FileProblem[] = [];
  const unread: FileProblem[] = [];
  const paths = new Set(
    items.flatMap(({ value }) => (typeof value === 'string' && value !== '' ? [pathOf(file, value)] : [])),
  );
  const files = new Map(await Promise.all([...paths].map(async (path) => [path, await readFile(path)] as const)));
  for (const { read } of files.values()) {
    if (read.kind === 'problem' && read.problem.line > 0) unread.push(...readableIn(read).problems);
  }

  const policies = new Map<string, NamedPolicy>();
  let baseline: NamedPolicy | undefined;
  for (const item of items) {
    const text = textOf(item, { configuration, file }, (value) => files.get(pathOf(file, value))?.read, problems);
    if (text === undefined) continue;
    const policy = await compile(text, 'policy', problems);
    if (policy === undefined) continue;
    policies.set(item.name, policy);
    if (item.name === baselineName) baseline = await compile(text, 'baseline', problems);
  }
  return {
    policies,
    baseline,
    problems: withoutTwins(besideNumbers(unread, problems)),
    files: [...files.values()].map((one) => one.watched),
  };
}

function textOf(
  item: NamedItem,
  { configuration, file }: { readonly configuration: FileDocument; readonly file: string },
  fileAt: (value: string) => ReadDocument | undefined,
  problems: FileProblem[],
): Text | undefined {
  if (isObject(item.value)) {
    const { value, pointer } = item;
    return { item, document: configuration, value, pointer, source: { file: resolve(file), pointer } };
  }
  const read = typeof item.value === 'string' ? fileAt(item.value) : undefined;
  if (read === undefined) problems.push(notAPolicy(configuration, item));
  // A file that is not there, or no document at all, is the fault of the place that names it.
  if (read?.kind === 'problem' && read.problem.line === 0) {
    problems.push(configuration.problem(item.pointer, `${read.problem.file}: ${read.problem.message}`));
  }
  const { document } = read === undefined ? {} : readableIn(read);
  if (document === undefined) return undefined;
  const source = { file: resolve(pathOf(file, String(item.value))), pointer: '' };
  return { item, document, value: document.value, pointer: '', source };
}

function notAPolicy(configuration: FileDocument, item: Item): FileProblem {
  return configuration.problem(item.pointer, 'must be a policy, or the path of a file that holds one');
}

async function compile(
  text: Text,
  document: 'policy' | 'baseline',
  problems: FileProblem[],
): Promise<NamedPolicy | undefined> {
  const compiled = await compileNamed(text.item.name, text.value, document);
  if (compiled.kind === 'policy') return { ...compiled.policy, source: text.source };
  for (const { pointer, message } of compiled.problems) {
    problems.push(text.document.problem(text.pointer + pointer, message));
  }
  return undefined;
}

async function readFile(path: string): Promise<{ readonly watched: WatchedFile; readonly read: ReadDocument }> {
  const stamp = await stampOf(path);
  return { watched: { path: resolve(path), stamp }, read: await readDocument(path) };
}

function pathOf(configuration: string, path: string): string {
  return isAbsolute(path) ? path : join(dirname(configuration), path);
}

/** Two names for one broken file are one problem. */
function withoutTwins(problems: readonly FileProblem[]): readonly FileProblem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()];
}
