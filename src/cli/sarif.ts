import { createHash } from 'node:crypto';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { WARNINGS } from '../policy/check/warning.ts';
import type { FileProblem } from '../settings/problem.ts';
import type { Checked } from './check-report.ts';
import { packageVersion } from './version.ts';

interface Rule {
  readonly id: string;
  readonly says: string;
  readonly remedy: string;
  readonly level: 'error' | 'warning';
}

const INVALID: Rule = {
  id: 'invalid',
  says: 'The file is not valid, and is refused as a whole.',
  remedy: 'Change what the message names; toolgate policy check tells all problems at once.',
  level: 'error',
};

const RULES: readonly Rule[] = [
  INVALID,
  ...Object.entries(WARNINGS).map(([id, { says, remedy }]): Rule => ({ id, says, remedy, level: 'warning' })),
];

/** What was found as SARIF 2.1.0, the format in which code scanners take results. */
export function sarifOf(files: readonly Checked[], cwd: string): object {
  const results = files.flatMap(({ problems, warnings }) => [
    ...problems.map((problem) => resultOf(problem, INVALID.id, cwd)),
    ...warnings.map((warning) => resultOf(warning, warning.code, cwd)),
  ]);
  return sarifLog(RULES.map(ruleOf), results);
}

/** One run of this program, with what its rules say and what they found. */
export function sarifLog(rules: readonly object[], results: readonly object[]): object {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'toolgate', version: packageVersion(), rules } },
        columnKind: 'utf16CodeUnits',
        results,
      },
    ],
  };
}

function ruleOf({ id, says, remedy, level }: Rule): object {
  return {
    id,
    shortDescription: { text: says },
    help: { text: `${says} ${remedy}` },
    defaultConfiguration: { level },
  };
}

function resultOf({ file, line, column, pointer, message }: FileProblem, ruleId: string, cwd: string): object {
  const uri = uriOf(file, cwd);
  const region = line === 0 ? {} : { region: { startLine: line, startColumn: column } };
  const ruleIndex = RULES.findIndex(({ id }) => id === ruleId);
  return {
    ruleId,
    ruleIndex,
    level: RULES[ruleIndex]?.level ?? 'error',
    message: { text: message },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, ...region },
        ...(pointer === '' ? {} : { logicalLocations: [{ fullyQualifiedName: pointer, kind: 'member' }] }),
      },
    ],
    // The place in the document, not in the text: it stays when lines are added before it.
    partialFingerprints: { 'toolgate/v1': fingerprint([uri, pointer, ruleId, message]) },
  };
}

/** Relative to the folder where it lies within it, else absolute. */
export function uriOf(file: string, cwd: string): string {
  const path = resolve(cwd, file);
  const short = relative(cwd, path);
  if (short.startsWith('..') || isAbsolute(short)) return pathToFileURL(path).href;
  return short.split(sep).map(encodeURIComponent).join('/');
}

/** A text that stays while these parts do. */
export function fingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
