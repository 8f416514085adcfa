import { quoted, shown } from '../problem.ts';
import { keyOf, mayJudgeWhole } from './check-matching.ts';
import { type Clause, leavesOf, said, type Tree } from './clause.ts';
import { domainOf } from './domain.ts';
import { foresee } from './foresee.ts';
import { FAILS, HOLDS } from './possible.ts';
import { samplesFor } from './sample.ts';
import type { Warning } from './warning.ts';

/** A part of an entry that alone can refuse a call, and looks at one value. */
interface Bar {
  readonly clause: Clause;
  readonly tree: Tree;
  readonly key: string;
}

/** Among more entries that look at one value no contradiction is looked for. */
const MOST_BARS = 30;

/** Warns of entries of one set of rules of which each lets calls pass, and that together refuse every one. */
export function checkTogether(clauses: readonly Clause[]): readonly Warning[] {
  const sets = Map.groupBy(clauses, ({ set }) => set);
  return [...sets.values()].flatMap((own) => {
    const bars = own.flatMap(barsOf);
    return [...Map.groupBy(bars, ({ key }) => key).values()].flatMap(ofBars);
  });
}

/** All conditions of a requirement must hold; a refusal is escaped where one of its conditions fails. */
function barsOf(clause: Clause): readonly Bar[] {
  const { purpose, tree } = clause;
  if (purpose !== 'require' && purpose !== 'deny_if') return [];
  const trees = purpose === 'require' ? tree.parts : [tree];
  return trees.flatMap((part) => {
    const key = mayJudgeWhole(clause, onlyPart(part)) ? keyOf(part) : undefined;
    return key === undefined ? [] : [{ clause, tree: onlyPart(part), key }];
  });
}

/** What stands alone in a group is no group. */
function onlyPart(tree: Tree): Tree {
  const [only, second] = tree.kind === 'leaf' ? [] : tree.parts;
  return only === undefined || second !== undefined ? tree : onlyPart(only);
}

function ofBars(bars: readonly Bar[]): readonly Warning[] {
  const entries = new Set(bars.map(({ clause }) => clause));
  const isRequired = bars.some(({ clause }) => clause.purpose === 'require');
  if (entries.size < 2 || bars.length > MOST_BARS || !isRequired || !isClosed(bars)) return [];
  // What one entry alone refuses is told of that entry.
  if ([...entries].some((entry) => isClosed(bars.filter(({ clause }) => clause === entry)))) return [];
  const upTo = bars.findIndex((_, index) => isClosed(bars.slice(0, index + 1)));
  const last = bars[upTo];
  if (last === undefined) return [];
  const before = bars.slice(0, upTo);
  const one = before.find((bar) => isClosed([bar, last]));
  const others = one === undefined ? before : [one];
  const path = quoted(leavesOf(last.tree)[0]?.text ?? '');
  const places = [...new Set(others.map(({ clause }) => shown(clause.pointer)))].slice(0, 3).join(', ');
  const message = `no value of ${path} passes ${demand(last)} and ${others.slice(0, 4).map(demand).join(' and ')} (${places}), so every call is refused; change one of them, or write alternatives as {"any": […]} in one entry`;
  return [{ pointer: last.clause.pointer, code: 'never-matches', message }];
}

function demand({ clause, tree }: Bar): string {
  const joint = tree.kind === 'any' ? ' or ' : ' and ';
  return `${clause.purpose} ${leavesOf(tree).slice(0, 4).map(said).join(joint)}`;
}

/** Whether no value at all gets past them. */
function isClosed(bars: readonly Bar[]): boolean {
  const leaves = bars.flatMap(({ tree }) => leavesOf(tree));
  const [first] = leaves;
  const set = bars[0]?.clause.set;
  if (first === undefined || set === undefined) return false;
  const domain = domainOf(first, set);
  const samples = samplesFor(leaves, domain.values)?.filter((sample) => domain.holds(sample));
  if (samples === undefined || samples.length === 0) return false;
  return samples.every((sample) => bars.some((bar) => (foresee(bar.tree, sample) & passing(bar)) === 0));
}

/** The answers that let a call pass: what cannot be judged refuses. */
function passing({ clause }: Bar): number {
  return clause.purpose === 'require' ? HOLDS : FAILS;
}
