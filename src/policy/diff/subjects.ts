import type { CallKind } from '../../wire/call.ts';
import type { Json } from '../../wire/json.ts';
import type { Definition, RiskClass } from '../decision.ts';
import type { Pattern } from '../pattern.ts';
import type { Policy, Table } from '../policy.ts';
import { quoted } from '../problem.ts';
import type { Named } from '../standing.ts';
import { rulesFor } from '../table.ts';
import { meetingName, namesFor, oddLetter } from './witness-name.ts';

/** A tool that the server offers. */
export interface KnownTool {
  readonly name: string;
  readonly inputSchema: Json | undefined;
  readonly definition: Definition;
}

/** A name that is looked at, and those for which it stands. */
export interface Subject extends Named {
  /** As people are told. */
  readonly label: string;
  /** A probe is told only where nothing named is judged by the same rules. */
  readonly role: 'named' | 'probe';
  readonly tool: KnownTool | undefined;
}

export interface Subjects {
  readonly subjects: readonly Subject[];
  /** `partly`: there are more combinations of patterns than were looked at. */
  readonly coverage: 'all' | 'partly';
}

type Both = readonly [Policy, Policy];
type TableKind = 'tool' | 'resource' | 'prompt';

const MAX_MEETINGS = 2_000;
const MAX_PAIRS = 1_000_000;
const TABLES = { tool: 'tools', resource: 'resources', prompt: 'prompts' } as const;
const METHODS: readonly (readonly [string, string])[] = [
  ['sampling', 'sampling/createMessage'],
  ['elicitation', 'elicitation/create'],
  ['roots', 'roots/list'],
];

/** The names to compare: the server's tools where they are known, else one for each way in which entries can speak. */
export function subjectsOf(before: Policy, after: Policy, tools: readonly KnownTool[] | undefined): Subjects {
  const both: Both = [before, after];
  const ofTools = tools === undefined ? regionsOf('tool', both) : { named: tools.map(listedTool), met: undefined };
  const rest = [regionsOf('resource', both), regionsOf('prompt', both)];
  const regions = [ofTools, ...rest];
  const subjects = [
    ...regions.flatMap(({ named }) => named),
    ...METHODS.map(([label, name]) => subject('request', name, label, 'named')),
    ...classVariants(ofTools.named, both),
    ...regions.flatMap(({ met }) => met?.subjects ?? []),
  ];
  return { subjects, coverage: regions.some(({ met }) => met?.coverage === 'partly') ? 'partly' : 'all' };
}

function subject(kind: CallKind, name: string, label: string, role: Subject['role']): Subject {
  return { kind, name, label, role, class: 'unknown', tool: undefined };
}

function listedTool(tool: KnownTool): Subject {
  return { ...subject('tool', tool.name, tool.name, 'named'), tool };
}

interface Regions {
  readonly named: readonly Subject[];
  readonly met: Subjects | undefined;
}

function regionsOf(kind: TableKind, both: Both): Regions {
  const exact = new Set(both.flatMap((policy) => exactNames(kind, policy)));
  const patterns = new Map(both.flatMap((policy) => patternsOf(kind, policy)).map((one) => [one.text, one] as const));
  const odd = oddLetter([...exact, ...patterns.keys()]);
  const isFree = (name: string): boolean => !exact.has(name);
  const others = [`some_${kind}`, odd].find((name) => isFree(name) && !isSpokenFor(kind, name, both));
  return {
    named: [
      ...[...exact].map((name) => subject(kind, name, name, 'named')),
      ...[...patterns.values()].flatMap((pattern) => {
        const name = namesFor(pattern, odd).find((one) => isFree(one) && speaks(kind, pattern, one, both));
        return name === undefined ? [] : [subject(kind, name, pattern.text, 'named')];
      }),
      ...(others === undefined ? [] : [subject(kind, others, `every other ${kind}`, 'named')]),
    ],
    met: meetings(kind, [...patterns.values()], movedPatterns(kind, both), odd, isFree),
  };
}

function tableOf(kind: TableKind, policy: Policy): Table {
  return policy[TABLES[kind]];
}

function exactNames(kind: TableKind, policy: Policy): readonly string[] {
  const hidden = kind === 'tool' ? policy.hide.exact : [];
  return [...tableOf(kind, policy).exact.keys(), ...hidden];
}

function patternsOf(kind: TableKind, policy: Policy): readonly Pattern[] {
  return [...tableOf(kind, policy).patterns.map(({ pattern }) => pattern), ...hiddenBy(kind, policy)];
}

function hiddenBy(kind: TableKind, policy: Policy): readonly Pattern[] {
  return kind === 'tool' ? policy.hide.patterns : [];
}

/** Patterns that only one document has, or each in another place. */
function movedPatterns(kind: TableKind, both: Both): ReadonlySet<string> {
  const moved = new Set<string>();
  for (const where of [
    (one: Policy) => tableOf(kind, one).patterns.map(({ pattern }) => pattern),
    (one: Policy) => hiddenBy(kind, one),
  ]) {
    const [before, after] = both.map((policy) => new Set(where(policy).map(({ text }) => text)));
    for (const text of [...(before ?? []), ...(after ?? [])])
      if (!(before?.has(text) && after?.has(text))) moved.add(text);
  }
  return moved;
}

function isSpokenFor(kind: TableKind, name: string, both: Both): boolean {
  return both.some((policy) => rulesFor(tableOf(kind, policy), name) !== undefined);
}

/** Whether it is this pattern's rules that hold for the name; what hides a name is above all. */
function speaks(kind: TableKind, pattern: Pattern, name: string, both: Both): boolean {
  return both.some((policy) => {
    if (kind === 'tool' && policy.hide.patterns.some(({ text }) => text === pattern.text)) return true;
    const table = tableOf(kind, policy);
    const own = table.patterns.find((one) => one.pattern.text === pattern.text);
    return own !== undefined && rulesFor(table, name) === own.rules;
  });
}

/**
 * Names that two patterns match: the rules of the one may hold before, those of the other after. Where both documents have
 * both patterns, the more particular one holds before and after.
 */
function meetings(
  kind: TableKind,
  patterns: readonly Pattern[],
  moved: ReadonlySet<string>,
  odd: string,
  isFree: (name: string) => boolean,
): Subjects {
  const subjects: Subject[] = [];
  let pairs = 0;
  for (const [index, first] of patterns.entries()) {
    for (const second of patterns.slice(index + 1)) {
      if (!moved.has(first.text) && !moved.has(second.text)) continue;
      pairs++;
      if (pairs > MAX_PAIRS || subjects.length >= MAX_MEETINGS) return { subjects, coverage: 'partly' };
      const name = meetingName(first, second, odd);
      if (name === undefined || !isFree(name)) continue;
      const label = `${first.text} and ${second.text} at once (${quoted(name)})`;
      subjects.push(subject(kind, name, label, 'probe'));
    }
  }
  return { subjects, coverage: 'all' };
}

/** The class decides where no entry speaks; which class a tool has, no document says. */
function classVariants(subjects: readonly Subject[], both: Both): readonly Subject[] {
  const classes = new Set<RiskClass>(both.flatMap((policy) => [...policy.classes.keys()]));
  classes.delete('unknown');
  return subjects.flatMap((one) => {
    if (one.kind !== 'tool' || both.every((policy) => rulesFor(policy.tools, one.name) !== undefined)) return [];
    return [...classes].map((riskClass) => ({
      ...one,
      class: riskClass,
      role: 'probe' as const,
      label: one.label.startsWith('every other')
        ? `${one.label} of the class ${riskClass}`
        : `${one.label} (if of the class ${riskClass})`,
    }));
  });
}
