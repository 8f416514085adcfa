import type { CallKind } from '../wire/call.ts';
import type { JsonObject } from '../wire/json.ts';
import { type Draft, objectAt, refuse } from './draft.ts';
import { findOverlaps } from './overlap.ts';
import { isPattern, matches, readPattern } from './pattern.ts';
import type { PatternRules, Rules, Table } from './policy.ts';
import { below, quoted } from './problem.ts';
import { compileRules } from './rules.ts';

/** Every name without an exact entry is compared with each of them. */
export const MAX_PATTERNS = 2_000;
/** No longer name can be called. */
const MAX_NAME = 1_024;

/** The rules that speak for a name: its own entry's, else those of the most particular pattern that matches. */
export function rulesFor({ exact, patterns }: Table, name: string): Rules | undefined {
  const own = exact.get(name);
  if (own !== undefined) return own;
  for (const { pattern, rules } of patterns) if (matches(pattern, name)) return rules;
  return undefined;
}

/** Compiles `tools`, `resources` or `prompts`. */
export function compileTable(
  draft: Draft,
  root: JsonObject,
  key: 'tools' | 'resources' | 'prompts',
  kind: CallKind,
): Table {
  const exact = new Map<string, Rules>();
  const patterns: PatternRules[] = [];
  const place = below('', key);
  const table = root[key] === undefined ? undefined : objectAt(draft, root[key], place, ' from names to rules');
  if (table === undefined) return { exact, patterns };
  for (const name of Object.keys(table)) {
    const pointer = below(place, name);
    checkName(draft, name, pointer, kind);
    const rules = compileRules(draft, table[name] ?? null, pointer, name, kind);
    if (isPattern(name)) patterns.push(Object.freeze({ pattern: readPattern(name), rules }));
    else exact.set(name, rules);
  }
  patterns.sort((a, b) => b.pattern.weight - a.pattern.weight || (a.pattern.text < b.pattern.text ? -1 : 1));
  checkPatterns(draft, patterns, exact, place);
  return Object.freeze({ exact, patterns: Object.freeze(patterns) });
}

export function checkName(draft: Draft, name: string, pointer: string, kind: CallKind): void {
  if (name === '') refuse(draft, pointer, `a ${kind} has a name; write "*" for every ${kind}`);
  else if (name.length > MAX_NAME) refuse(draft, pointer, `no ${kind} has a name of more than ${MAX_NAME} characters`);
}

function checkPatterns(
  draft: Draft,
  patterns: readonly PatternRules[],
  exact: ReadonlyMap<string, Rules>,
  place: string,
): void {
  if (patterns.length > MAX_PATTERNS) {
    refuse(draft, place, tooMany(patterns.length));
    return;
  }
  for (const { first, second, example } of findOverlaps(
    patterns.map(({ pattern }) => pattern),
    exact,
  )) {
    const both = `${quoted(first.text)} and ${quoted(second.text)} are equally particular`;
    refuse(
      draft,
      below(place, second.text),
      example === undefined
        ? `${both} and may match one name; the patterns overlap too much to be sure, so use fewer`
        : `${both} and both match ${quoted(example)}; add an exact entry or a longer pattern for every such name`,
    );
  }
}

export function tooMany(count: number): string {
  return `holds ${count} patterns; at most ${MAX_PATTERNS} are allowed, write exact names instead`;
}
