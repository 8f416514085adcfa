import { basename, dirname, extname, resolve } from 'node:path';
import type { KnownTool, WarningCode } from '../../policy/check/warning.ts';
import { warningsOf } from '../../policy/check/warnings.ts';
import { below, quoted } from '../../policy/problem.ts';
import { keysOf } from '../../policy/shape.ts';
import { DOCUMENT } from '../../policy/vocabulary.ts';
import { isObject, type Json } from '../../wire/json.ts';
import { loadSettings } from '../load.ts';
import { compileNamed, type NamedPolicy } from '../named-policy.ts';
import type { FileProblem } from '../problem.ts';
import { besideNumbers, type FileDocument, readableIn, readDocument } from '../read-document.ts';
import type { Settings } from '../settings.ts';
import { CONFIGURATION } from '../vocabulary.ts';
import { answerables, faultLine } from './answerable.ts';

export interface FileWarning extends FileProblem {
  readonly code: WarningCode;
}

/** All that is wrong with a file, and, if nothing is, all that is odd about it. */
export interface CheckedFile {
  readonly kind: 'policy' | 'configuration';
  /** What was read; undefined where it could not be. */
  readonly document: Json | undefined;
  readonly problems: readonly FileProblem[];
  readonly warnings: readonly FileWarning[];
}

export interface Known {
  /** The server whose tools they are; undefined for whichever the policy is for. */
  readonly server: string | undefined;
  readonly tools: readonly KnownTool[];
}

export interface HowToCheck {
  readonly kind: 'policy' | 'baseline';
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly known: Known | undefined;
}

/** Checks a policy, or a configuration with all its policies. Never rejects. */
export async function checkFile(file: string, how: HowToCheck): Promise<CheckedFile> {
  const { document, problems } = readableIn(await readDocument(file));
  if (document === undefined) return { kind: 'policy', document: undefined, problems, warnings: [] };
  if (isConfiguration(document.value)) return checkConfiguration(file, document, how);
  const found = await checkText(
    { name: nameOf(file), value: document.value, document, pointer: '' },
    how.kind,
    how.known?.tools,
  );
  const all = besideNumbers(problems, found.problems);
  return {
    kind: 'policy',
    document: document.value,
    problems: all,
    warnings: problems.length > 0 ? [] : found.warnings,
  };
}

/** Keys that no policy has. */
const OWN_KEYS: ReadonlySet<string> = new Set(keysOf(CONFIGURATION).filter((key) => !keysOf(DOCUMENT).includes(key)));

/** A policy has a version; a configuration has none, and servers, people or another key of its own. */
export function isConfiguration(value: Json): boolean {
  return isObject(value) && value['version'] === undefined && Object.keys(value).some((key) => OWN_KEYS.has(key));
}

interface Text {
  readonly name: string;
  readonly value: Json;
  readonly document: FileDocument;
  /** Where in that document the policy stands. */
  readonly pointer: string;
}

type Found = Pick<CheckedFile, 'problems' | 'warnings'>;

async function checkText(
  { name, value, document, pointer }: Text,
  kind: 'policy' | 'baseline',
  tools: readonly KnownTool[] | undefined,
): Promise<Found> {
  const compiled = await compileNamed(name, value, kind);
  if (compiled.kind === 'problems') {
    return {
      problems: inOrder(compiled.problems.map((one) => document.problem(pointer + one.pointer, one.message))),
      warnings: [],
    };
  }
  const warnings = warningsOf(value, compiled.policy.policy, tools);
  return {
    problems: [],
    warnings: inOrder(
      warnings.map((one) => ({ ...document.problem(pointer + one.pointer, one.message), code: one.code })),
    ),
  };
}

async function checkConfiguration(file: string, document: FileDocument, how: HowToCheck): Promise<CheckedFile> {
  const checked = { kind: 'configuration', document: document.value } as const;
  const loaded = await loadSettings(file, how.env);
  if (loaded.kind === 'problems') return { ...checked, problems: loaded.problems, warnings: [] };
  const { settings } = loaded;
  const texts = await policiesOf(file, document);
  const found = await Promise.all(
    texts.flatMap((text) =>
      kindsOf(settings, text.name).map((kind) => checkText(text, kind, toolsFor(settings, text.name, kind, how))),
    ),
  );
  const asked = texts.flatMap((text) => peopleWarnings(settings, text));
  const warnings = [...found.flatMap((one) => one.warnings), ...asked];
  return { ...checked, problems: found.flatMap((one) => one.problems), warnings: withoutTwins(warnings) };
}

/** The policies of a configuration that loads, each with the text it stands in. */
async function policiesOf(file: string, document: FileDocument): Promise<readonly Text[]> {
  const table = isObject(document.value) ? document.value['policies'] : undefined;
  if (!isObject(table)) return [];
  const texts = await Promise.all(
    Object.entries(table).map(async ([name, value]): Promise<readonly Text[]> => {
      if (isObject(value)) return [{ name, value, document, pointer: below('/policies', name) }];
      if (typeof value !== 'string') return [];
      const read = await readDocument(resolve(dirname(file), value));
      return read.kind === 'document'
        ? [{ name, value: read.document.value, document: read.document, pointer: '' }]
        : [];
    }),
  );
  return texts.flat();
}

function kindsOf(settings: Settings, name: string): readonly ('policy' | 'baseline')[] {
  if (settings.baseline?.name !== name) return ['policy'];
  return serversOf(settings, name).size > 0 ? ['policy', 'baseline'] : ['baseline'];
}

/** The servers on which some grant holds the policy. */
function serversOf({ grants }: Settings, name: string): ReadonlySet<string> {
  const servers = [...grants.values()].flatMap(({ policies }) =>
    [...policies].flatMap(([server, policy]) => (policy.name === name ? [server] : [])),
  );
  return new Set(servers);
}

/** What is written for several servers names tools of all of them. */
function toolsFor(
  settings: Settings,
  name: string,
  kind: 'policy' | 'baseline',
  { known }: HowToCheck,
): readonly KnownTool[] | undefined {
  if (known?.server === undefined || kind === 'baseline') return undefined;
  const servers = serversOf(settings, name);
  return servers.size === 1 && servers.has(known.server) ? known.tools : undefined;
}

function peopleWarnings(settings: Settings, text: Text): readonly FileWarning[] {
  const found = checkPeople(settings, text);
  if (found.length > 0) return found;
  const fault = answerables(settings).find(({ policy }) => policy === text.name)?.fault;
  if (fault === undefined) return [];
  const isSaid = isObject(text.value) && text.value['approvals'] !== undefined;
  const pointer = isSaid ? `${text.pointer}/approvals` : text.pointer;
  return [{ ...text.document.problem(pointer, faultLine(fault)), code: 'approval-nobody' }];
}

/** Approvers that are named, and of whom the configuration knows too few. */
function checkPeople(settings: Settings, { name, document, pointer }: Text): readonly FileWarning[] {
  const policy = policyNamed(settings, name);
  const { owners, roles, count = 1 } = policy?.policy.approvals ?? {};
  if (owners === undefined || (roles ?? []).length > 0 || new Set(owners).size < count) return [];
  const known = [...new Set(owners)].filter((owner) => settings.people.has(owner));
  const strangers = owners.filter((owner) => !settings.people.has(owner));
  if (known.length >= count) return [];
  const names = strangers.slice(0, 3).map(quoted).join(', ');
  const message = `${names} ${strangers.length === 1 ? 'is' : 'are'} not among the "people" of the configuration, so no question is ever answered with yes; add them there, or name others`;
  return [{ ...document.problem(`${pointer}/approvals/approvers/owners`, message), code: 'approval-nobody' }];
}

function policyNamed({ grants, baseline }: Settings, name: string): NamedPolicy | undefined {
  const held = [...grants.values()].flatMap(({ policies }) => [...policies.values()]);
  return [...held, ...(baseline === undefined ? [] : [baseline])].find((policy) => policy.name === name);
}

function nameOf(file: string): string {
  return basename(file, extname(file));
}

function inOrder<Place extends FileProblem>(places: readonly Place[]): readonly Place[] {
  return places.toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function withoutTwins(warnings: readonly FileWarning[]): readonly FileWarning[] {
  return [...new Map(warnings.map((warning) => [JSON.stringify(warning), warning])).values()];
}
