import type { Json, JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, elementsAt, type Keys, newDraft, objectAt, refuse, textAt, wordAt } from './draft.ts';
import { type Names, namesOf } from './names.ts';
import { findOverlaps } from './overlap.ts';
import { isPattern, readPattern } from './pattern.ts';
import type { PatternRules, Policy, Rules } from './policy.ts';
import { below, type Problem, quoted } from './problem.ts';
import { compileRules, defaultRules, noRules } from './rules.ts';
import { survey } from './survey.ts';

export type Compiled =
  | { readonly kind: 'policy'; readonly policy: Policy }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

const KEYS: Keys = {
  known: ['version', 'default', 'description', 'hide', 'list', 'tools', 'all_tools'],
  later: ['mode', 'classes', 'resources', 'prompts', 'requests', 'results', 'approvals'],
};
/** Every name without an exact entry is compared with each of them. */
const MAX_PATTERNS = 2_000;
/** No longer name can be called. */
const MAX_NAME = 1_024;

/** Compiles a policy document, or says all that is wrong with it. Nothing in it is ever ignored. */
export function compilePolicy(value: Json, document: 'policy' | 'baseline'): Compiled {
  const unsafe = survey(value);
  if (unsafe !== undefined) return { kind: 'problems', problems: [unsafe] };
  const draft = newDraft(document);
  const root = objectAt(draft, value, '', ' such as {"version": "1", "default": "deny", "tools": {}}');
  const policy = root === undefined ? undefined : compileDocument(draft, root);
  if (policy === undefined || draft.problems.length > 0) return { kind: 'problems', problems: draft.problems };
  return { kind: 'policy', policy };
}

function compileDocument(draft: Draft, root: JsonObject): Policy {
  const { document } = draft;
  checkKeys(draft, root, '', KEYS);
  if (root['version'] !== '1') {
    const [place, message] =
      root['version'] === undefined ? ['', '"version" is missing; write'] : ['/version', 'unknown version; write'];
    refuse(draft, place, `${message} "version": "1"`);
  }
  if (root['default'] === undefined) refuse(draft, '', '"default" is missing; write "default": "deny"');
  const byDefault = wordAt(draft, root, '', 'default', ['deny', 'allow'], []) ?? 'deny';
  const description = root['description'] === '' ? undefined : textAt(draft, root, '', 'description');
  const list = wordAt(draft, root, '', 'list', ['reachable', 'all'], []) ?? 'reachable';
  const hide = compileHide(draft, root);
  const allTools =
    root['all_tools'] === undefined
      ? noRules(document)
      : compileRules(draft, root['all_tools'], '/all_tools', 'all_tools');
  const { exact, patterns } = compileTools(draft, root);
  return Object.freeze({
    document,
    description,
    list,
    default: byDefault,
    hide,
    exact,
    patterns,
    allTools,
    byDefault: defaultRules(document, byDefault),
    counters: draft.counters,
  });
}

interface Tools {
  readonly exact: ReadonlyMap<string, Rules>;
  readonly patterns: readonly PatternRules[];
}

function compileTools(draft: Draft, root: JsonObject): Tools {
  const exact = new Map<string, Rules>();
  const patterns: PatternRules[] = [];
  const tools =
    root['tools'] === undefined ? undefined : objectAt(draft, root['tools'], '/tools', ' from tool names to rules');
  if (tools === undefined) return { exact, patterns };
  for (const name of Object.keys(tools)) {
    const pointer = below('/tools', name);
    checkName(draft, name, pointer);
    const rules = compileRules(draft, tools[name] ?? null, pointer, name);
    if (isPattern(name)) patterns.push(Object.freeze({ pattern: readPattern(name), rules }));
    else exact.set(name, rules);
  }
  patterns.sort((a, b) => b.pattern.weight - a.pattern.weight || (a.pattern.text < b.pattern.text ? -1 : 1));
  checkPatterns(draft, patterns, exact);
  return { exact, patterns: Object.freeze(patterns) };
}

function checkPatterns(draft: Draft, patterns: readonly PatternRules[], exact: ReadonlyMap<string, Rules>): void {
  if (patterns.length > MAX_PATTERNS) {
    refuse(
      draft,
      '/tools',
      `holds ${patterns.length} patterns; at most ${MAX_PATTERNS} are allowed, write exact names instead`,
    );
    return;
  }
  for (const { first, second, example } of findOverlaps(
    patterns.map(({ pattern }) => pattern),
    exact,
  )) {
    const both = `${quoted(first.text)} and ${quoted(second.text)} are equally particular`;
    refuse(
      draft,
      below('/tools', second.text),
      example === undefined
        ? `${both} and may match one name; the patterns overlap too much to be sure, so use fewer`
        : `${both} and both match ${quoted(example)}; add an exact entry or a longer pattern for every such name`,
    );
  }
}

function checkName(draft: Draft, name: string, pointer: string): void {
  if (name === '') refuse(draft, pointer, 'a tool has a name; write "*" for every tool');
  else if (name.length > MAX_NAME) refuse(draft, pointer, `no tool has a name of more than ${MAX_NAME} characters`);
}

function compileHide(draft: Draft, root: JsonObject): Names {
  const texts: string[] = [];
  for (const { value, pointer } of elementsAt(draft, root, '', 'hide')) {
    if (typeof value !== 'string') {
      refuse(draft, pointer, 'must be the name of a tool, or a pattern such as "admin_*"');
      continue;
    }
    checkName(draft, value, pointer);
    texts.push(value);
  }
  const names = namesOf(texts);
  if (names.patterns.length > MAX_PATTERNS) {
    refuse(
      draft,
      '/hide',
      `holds ${names.patterns.length} patterns; at most ${MAX_PATTERNS} are allowed, write exact names instead`,
    );
  }
  return names;
}
