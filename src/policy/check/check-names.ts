import { isArray } from '../../wire/json.ts';
import { holdsName } from '../names.ts';
import { didYouMean } from '../nearest.ts';
import { isPattern, matches, readPattern } from '../pattern.ts';
import { below, quoted } from '../problem.ts';
import { type Clause, type Leaf, leavesOf } from './clause.ts';
import { type RuleSet, type Subject, speakerFor } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Among more names no near one is looked for: each misspelling would be compared with all of them. */
const MOST_COMPARED = 1_000;

/** Warns of names that no tool has, and of entries that never speak. */
export function checkNames(subject: Subject, clauses: readonly Clause[]): readonly Warning[] {
  return [
    ...subject.sets.flatMap((set) => ofEntry(subject, set)),
    ...ofHide(subject),
    ...clauses.flatMap((clause) => leavesOf(clause.tree).flatMap((leaf) => ofNamed(subject, clause.set, leaf))),
  ];
}

function ofEntry(subject: Subject, set: RuleSet): readonly Warning[] {
  if (set.kind === 'class') return ofClass(subject, set);
  if (set.kind !== 'tool') return [];
  const unknown = whyUnknown(subject, set.subject);
  if (unknown !== undefined) {
    return [{ pointer: set.pointer, code: 'no-such-tool', message: so(unknown, ', so this entry never speaks') }];
  }
  return ofHidden(subject, set) ?? ofShadowed(subject, set);
}

interface Unknown {
  readonly what: string;
  readonly remedy: string;
}

/** Why a name or pattern means no tool of the server; undefined where it does, or where the tools are not known. */
function whyUnknown({ tools }: Subject, text: string): Unknown | undefined {
  if (tools === undefined || tools.length === 0) return undefined;
  const names = tools.map(({ name }) => name);
  if (!isPattern(text)) {
    if (names.includes(text)) return undefined;
    const guess = names.length > MOST_COMPARED ? '' : didYouMean(text, names);
    return { what: `the server has no tool ${quoted(text)}`, remedy: guess };
  }
  const pattern = readPattern(text);
  if (names.some((name) => matches(pattern, name))) return undefined;
  const has = `; it has ${names.slice(0, 5).join(', ')}${names.length > 5 ? ' …' : ''}`;
  return { what: `no tool of the server matches ${quoted(text)}`, remedy: has };
}

/** What follows stands before the remedy, which may end in a question. */
function so({ what, remedy }: Unknown, follows: string): string {
  return `${what}${follows}${remedy}`;
}

function ofHidden({ policy: { hide }, tools }: Subject, set: RuleSet): readonly Warning[] | undefined {
  if (set.rules.standing !== undefined) return undefined;
  const { subject, pointer } = set;
  const code = 'hidden-entry';
  if (!isPattern(subject)) {
    if (!holdsName(hide, subject)) return undefined;
    const message = `"hide" hides ${quoted(subject)}, so this entry allows nothing; remove one of the two`;
    return [{ pointer, code, message }];
  }
  const pattern = readPattern(subject);
  const meant = tools?.filter(({ name }) => matches(pattern, name)) ?? [];
  const isAllHidden = hide.patterns.some(({ text }) => text === subject || readPattern(text).weight === 0);
  if (!isAllHidden && (meant.length === 0 || !meant.every(({ name }) => holdsName(hide, name)))) return undefined;
  const message = `"hide" hides every tool that ${quoted(subject)} matches, so this entry allows nothing; remove one of the two`;
  return [{ pointer, code, message }];
}

function ofShadowed({ policy, tools }: Subject, set: RuleSet): readonly Warning[] {
  if (tools === undefined || !isPattern(set.subject) || set.tools === undefined || set.tools.length > 0) return [];
  const pattern = readPattern(set.subject);
  const meant = tools.filter(({ name }) => matches(pattern, name) && !holdsName(policy.hide, name));
  if (meant.length === 0) return [];
  const others = [...new Set(meant.map((tool) => speakerFor(policy, tool)))];
  const message = `more particular entries speak for every tool that ${quoted(set.subject)} matches (${others.slice(0, 3).join(', ')}); remove it, or move its rules there`;
  return [{ pointer: set.pointer, code: 'shadowed-entry', message }];
}

function ofClass({ policy, tools }: Subject, set: RuleSet): readonly Warning[] {
  const code = 'shadowed-entry';
  const { pointer, subject } = set;
  if (policy.tools.patterns.some(({ pattern }) => pattern.weight === 0)) {
    const message = `the entry "*" under "tools" speaks for every tool without another entry, so classes never speak; remove "*", or move these rules there`;
    return [{ pointer, code, message }];
  }
  const members = tools?.filter((tool) => tool.class === subject) ?? [];
  if (members.length === 0 || (set.tools ?? members).length > 0) return [];
  const message = `every tool of the class ${subject} has an entry of its own or is hidden, so this one never speaks; remove it, or the entries under "tools"`;
  return [{ pointer, code, message }];
}

function ofHide(subject: Subject): readonly Warning[] {
  const { hide } = subject.root;
  if (!isArray(hide)) return [];
  return hide.flatMap((text, index) => {
    const unknown = typeof text === 'string' ? whyUnknown(subject, text) : undefined;
    if (unknown === undefined) return [];
    return [
      { pointer: below('/hide', index), code: 'no-such-tool' as const, message: so(unknown, ', so nothing is hidden') },
    ];
  });
}

/** A count of calls of a tool that is not there stays zero; a comparison with its name never holds. */
function ofNamed(subject: Subject, set: RuleSet, leaf: Leaf): readonly Warning[] {
  const { path } = leaf.place;
  const code = 'no-such-tool';
  if (path.root === 'calls') {
    const unknown = whyNoName(subject, path.tool);
    if (unknown === undefined) return [];
    return [{ pointer: below(leaf.pointer, 'path'), code, message: so(unknown, ', so the count stays 0') }];
  }
  const isAboutTools =
    set.kind === 'all_tools' || set.kind === 'class' || (set.kind === 'tool' && isPattern(set.subject));
  if (!isAboutTools || path.root !== 'fact' || path.fact !== 'tool.name') return [];
  if (leaf.op !== 'eq' && leaf.op !== 'in') return [];
  const names = leaf.op === 'in' && isArray(leaf.value) ? leaf.value : [leaf.value];
  return names.flatMap((name) => {
    const unknown = typeof name === 'string' ? whyNoName(subject, name) : undefined;
    return unknown === undefined
      ? []
      : [{ pointer: below(leaf.pointer, 'value'), code, message: so(unknown, '') } as const];
  });
}

/** The same where a pattern has no place. */
function whyNoName(subject: Subject, name: string): Unknown | undefined {
  if (subject.tools === undefined || subject.tools.length === 0) return undefined;
  if (!isPattern(name)) return whyUnknown(subject, name);
  const remedy = '; * stands for itself here: name one tool, or write "regex" on tool.name';
  return { what: `the server has no tool ${quoted(name)}`, remedy };
}
