import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { holdsName } from '../names.ts';
import { isPattern, matches } from '../pattern.ts';
import type { Policy, Rules } from '../policy.ts';
import { below } from '../problem.ts';
import { CLASSES } from '../words.ts';
import type { KnownTool } from './warning.ts';

/** The rules of one entry, of a class or of `all_tools`, as written and compiled. */
export interface RuleSet {
  readonly kind: 'all_tools' | 'class' | 'tool' | 'resource' | 'prompt';
  /** Its name, pattern or class. */
  readonly subject: string;
  readonly pointer: string;
  readonly source: JsonObject;
  readonly rules: Rules;
  /** Of the known tools those for which it speaks; undefined where none are known, and for what is no tool. */
  readonly tools: readonly KnownTool[] | undefined;
}

/** One document with what is known beside it; every check reads nothing else. */
export interface Subject {
  readonly root: JsonObject;
  readonly policy: Policy;
  readonly tools: readonly KnownTool[] | undefined;
  readonly sets: readonly RuleSet[];
}

export function subjectOf(document: Json, policy: Policy, tools: readonly KnownTool[] | undefined): Subject {
  const root = isObject(document) ? document : {};
  const spoken = tools && spokenFor(policy, tools);
  const sets: RuleSet[] = [];
  if (isObject(root['all_tools'])) {
    const listed = tools?.filter(({ name }) => !holdsName(policy.hide, name));
    sets.push({
      kind: 'all_tools',
      subject: 'all_tools',
      pointer: '/all_tools',
      source: root['all_tools'],
      rules: policy.allTools,
      tools: listed,
    });
  }
  for (const kind of ['class', 'tool', 'resource', 'prompt'] as const) {
    const key = kind === 'class' ? 'classes' : `${kind}s`;
    const table = root[key];
    if (!isObject(table)) continue;
    for (const [subject, source] of Object.entries(table)) {
      const rules = rulesOf(policy, kind, subject);
      if (rules === undefined || !isObject(source)) continue;
      const pointer = below(`/${key}`, subject);
      sets.push({ kind, subject, pointer, source, rules, tools: spoken && toolsOf(spoken, pointer, kind) });
    }
  }
  return { root, policy, tools, sets };
}

function rulesOf(policy: Policy, kind: 'class' | 'tool' | 'resource' | 'prompt', subject: string): Rules | undefined {
  if (kind === 'class') {
    const known = CLASSES.find((word) => word === subject);
    return known && policy.classes.get(known);
  }
  const table = policy[`${kind}s`];
  if (!isPattern(subject)) return table.exact.get(subject);
  return table.patterns.find(({ pattern }) => pattern.text === subject)?.rules;
}

function toolsOf(
  spoken: ReadonlyMap<string, readonly KnownTool[]>,
  pointer: string,
  kind: RuleSet['kind'],
): readonly KnownTool[] | undefined {
  return kind === 'tool' || kind === 'class' ? (spoken.get(pointer) ?? []) : undefined;
}

/** The pointer of what speaks for each tool that is not hidden; `/default` where no entry does. */
function spokenFor(policy: Policy, tools: readonly KnownTool[]): ReadonlyMap<string, readonly KnownTool[]> {
  const spoken = new Map<string, KnownTool[]>();
  for (const tool of tools) {
    if (holdsName(policy.hide, tool.name)) continue;
    const pointer = speakerFor(policy, tool);
    const others = spoken.get(pointer);
    if (others === undefined) spoken.set(pointer, [tool]);
    else others.push(tool);
  }
  return spoken;
}

/** Where the rules stand that speak for a tool. */
export function speakerFor({ tools, classes }: Policy, tool: Pick<KnownTool, 'name' | 'class'>): string {
  if (tools.exact.has(tool.name)) return below('/tools', tool.name);
  const found = tools.patterns.find(({ pattern }) => matches(pattern, tool.name));
  if (found !== undefined) return below('/tools', found.pattern.text);
  return classes.has(tool.class) ? below('/classes', tool.class) : '/default';
}
