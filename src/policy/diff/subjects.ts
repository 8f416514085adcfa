import type { CallKind } from '../../wire/call.ts';
import type { Json } from '../../wire/json.ts';
import type { Definition, RiskClass } from '../decision.ts';
import type { Policy } from '../policy.ts';
import type { Named } from '../standing.ts';
import { rulesFor } from '../table.ts';
import { regionsOf, type Sample, type TableKind } from './regions.ts';

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

const METHODS: readonly (readonly [string, string])[] = [
  ['sampling', 'sampling/createMessage'],
  ['elicitation', 'elicitation/create'],
  ['roots', 'roots/list'],
];

/** The names to compare: the server's tools where they are known, else one for each way in which entries can speak. */
export function subjectsOf(before: Policy, after: Policy, tools: readonly KnownTool[] | undefined): Subjects {
  const both: Both = [before, after];
  const ofTools =
    tools === undefined
      ? regionSubjects('tool', both)
      : { named: tools.map(listedTool), met: [], coverage: 'all' as const };
  const regions = [ofTools, regionSubjects('resource', both), regionSubjects('prompt', both)];
  const subjects = [
    ...regions.flatMap(({ named }) => named),
    ...METHODS.map(([label, name]) => subject('request', name, label, 'named')),
    ...classVariants(ofTools.named, both),
    ...regions.flatMap(({ met }) => met),
  ];
  return { subjects, coverage: regions.some(({ coverage }) => coverage === 'partly') ? 'partly' : 'all' };
}

function regionSubjects(kind: TableKind, both: Both) {
  const { named, met, coverage } = regionsOf(kind, both);
  const as = (role: Subject['role']) => (sample: Sample) => subject(kind, sample.name, sample.label, role);
  return { named: named.map(as('named')), met: met.map(as('probe')), coverage };
}

function subject(kind: CallKind, name: string, label: string, role: Subject['role']): Subject {
  return { kind, name, label, role, class: 'unknown', tool: undefined };
}

function listedTool(tool: KnownTool): Subject {
  return { ...subject('tool', tool.name, tool.name, 'named'), tool };
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
