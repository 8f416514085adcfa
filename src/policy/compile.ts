import type { Json, JsonObject } from '../wire/json.ts';
import { compileApprovals } from './approvals.ts';
import type { RiskClass } from './decision.ts';
import {
  checkKeys,
  type Draft,
  elementsAt,
  newDraft,
  objectAt,
  refuse,
  TooManyProblems,
  textAt,
  wordAt,
} from './draft.ts';
import { type Names, namesOf } from './names.ts';
import { didYouMean } from './nearest.ts';
import type { Policy, Rules } from './policy.ts';
import { below, type Problem, quoted } from './problem.ts';
import { compileRequests } from './requests.ts';
import { compileResults } from './results.ts';
import { compileRules, defaultRules, noRules } from './rules.ts';
import { NO_PARSERS, type SqlParsers } from './sql/parsers.ts';
import { survey } from './survey.ts';
import { checkName, compileTable, MAX_PATTERNS, tooMany } from './table.ts';
import { DOCUMENT } from './vocabulary.ts';
import { CLASSES, LEAVES, LISTS, MODES } from './words.ts';

export type Compiled =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/**
 * Compiles a policy document, or says all that is wrong with it. Nothing in it is ever ignored. A document that uses
 * `sql_only` needs the parsers of its dialects.
 */
export function compilePolicy(
  value: Json,
  document: 'policy' | 'baseline',
  parsers: SqlParsers = NO_PARSERS,
): Compiled {
  const unsafe = survey(value);
  if (unsafe !== undefined) return { kind: 'problems', problems: [unsafe] };
  const draft = newDraft(document, parsers);
  const policy = compileRoot(draft, value);
  if (policy === undefined || draft.problems.length > 0) return { kind: 'problems', problems: draft.problems };
  return { kind: 'policy', policy };
}

function compileRoot(draft: Draft, value: Json): Policy | undefined {
  try {
    const root = objectAt(draft, value, '', ' such as {"version": "1", "default": "deny", "tools": {}}');
    return root === undefined ? undefined : compileDocument(draft, root);
  } catch (fault) {
    if (fault instanceof TooManyProblems) return undefined;
    throw fault;
  }
}

function compileDocument(draft: Draft, root: JsonObject): Policy {
  const { document } = draft;
  checkKeys(draft, root, '', DOCUMENT);
  checkVersion(draft, root);
  if (root['default'] === undefined) refuse(draft, '', '"default" is missing; write "default": "deny"');
  const byDefault = wordAt(draft, root, '', 'default', LEAVES) ?? 'deny';
  const description = root['description'] === '' ? undefined : textAt(draft, root, '', 'description');
  draft.mode = wordAt(draft, root, '', 'mode', MODES) ?? 'enforce';
  const { mode } = draft;
  return Object.freeze({
    document,
    description,
    mode,
    list: wordAt(draft, root, '', 'list', LISTS) ?? 'reachable',
    default: byDefault,
    hide: compileHide(draft, root),
    allTools: compileAllTools(draft, root),
    tools: compileTable(draft, root, 'tools', 'tool'),
    resources: compileTable(draft, root, 'resources', 'resource'),
    prompts: compileTable(draft, root, 'prompts', 'prompt'),
    classes: compileClasses(draft, root),
    requests: compileRequests(draft, root),
    results: compileResults(draft, root),
    approvals: compileApprovals(draft, root),
    byDefault: defaultRules(document, byDefault),
    counters: draft.counters,
    counted: draft.counted,
  });
}

function checkVersion(draft: Draft, root: JsonObject): void {
  const { version } = root;
  if (version === '1') return;
  if (version === undefined) return refuse(draft, '', '"version" is missing; write "version": "1"');
  const what = version === 1 ? 'the version is a text; write it in quotes:' : 'unknown version; write';
  refuse(draft, '/version', `${what} "version": "1"`);
}

function compileAllTools(draft: Draft, root: JsonObject): Rules {
  if (root['all_tools'] === undefined) return noRules(draft.document);
  return compileRules(draft, root['all_tools'], '/all_tools', 'all_tools', 'tool');
}

function compileClasses(draft: Draft, root: JsonObject): ReadonlyMap<RiskClass, Rules> {
  const classes = new Map<RiskClass, Rules>();
  const table =
    root['classes'] === undefined
      ? undefined
      : objectAt(draft, root['classes'], '/classes', ' from risk classes to rules');
  for (const [word, value] of Object.entries(table ?? {})) {
    const pointer = below('/classes', word);
    const known = CLASSES.find((one) => one === word);
    if (known !== undefined) classes.set(known, compileRules(draft, value, pointer, word, 'tool'));
    else {
      const guess = didYouMean(word, CLASSES) || `; it is one of ${CLASSES.join(', ')}`;
      refuse(draft, pointer, `unknown risk class ${quoted(word)}${guess}`);
    }
  }
  return classes;
}

function compileHide(draft: Draft, root: JsonObject): Names {
  const texts: string[] = [];
  for (const { value, pointer } of elementsAt(draft, root, '', 'hide')) {
    if (typeof value !== 'string') {
      refuse(draft, pointer, 'must be the name of a tool, or a pattern such as "admin_*"');
      continue;
    }
    checkName(draft, value, pointer, 'tool');
    texts.push(value);
  }
  const names = namesOf(texts);
  if (names.patterns.length > MAX_PATTERNS) refuse(draft, '/hide', tooMany(names.patterns.length));
  return names;
}
