import { quoted } from '../problem.ts';
import { type Clause, type Group, type Leaf, leavesOf, said, type Tree } from './clause.ts';
import { domainOf } from './domain.ts';
import { foresee } from './foresee.ts';
import { FAILS, HOLDS, UNSURE } from './possible.ts';
import { isPresent, samplesFor } from './sample.ts';
import type { Warning } from './warning.ts';

/** Whether the clause needs the condition, or another one will do. */
type Standing = 'needed' | 'alternative';
type Verdict = 'never' | 'always' | 'whenever there' | 'sometimes';

/** Warns of conditions that contradict each other, and of those that hold whatever the value. */
export function checkMatching(clauses: readonly Clause[]): readonly Warning[] {
  return clauses.flatMap((clause) => {
    const { tree, purpose } = clause;
    if (tree.parts.length === 0 && purpose === 'require') {
      const message = 'holds for every call, so it requires nothing; write conditions, or leave the entry out';
      return [{ pointer: clause.pointer, code: 'always-matches' as const, message }];
    }
    return checkTree(clause, tree, 'needed');
  });
}

function checkTree(clause: Clause, tree: Tree, place: Standing): readonly Warning[] {
  const key = keyOf(tree);
  if (key !== undefined && mayJudgeWhole(clause, tree)) {
    const verdict = verdictOf(clause, tree);
    if (verdict !== 'sometimes') return [spoken(clause, tree, verdict, place)];
  }
  if (tree.kind === 'leaf') return [];
  if (tree.kind === 'any') return tree.parts.flatMap((part) => checkTree(clause, part, 'alternative'));
  return checkAll(clause, tree, place);
}

/** Parts that look at one value are judged together; each that is judged to be good alone is looked into as well. */
function checkAll(clause: Clause, tree: Group, place: Standing): readonly Warning[] {
  const alone = tree.parts.flatMap((part) => checkTree(clause, part, place));
  if (alone.some(({ code }) => code === 'never-matches')) return alone;
  const groups = Map.groupBy(tree.parts, (part) => keyOf(part) ?? '');
  const together = [...groups].flatMap(([key, parts]) => {
    const group: Group = { ...tree, parts };
    if (key === '' || parts.length < 2 || parts.length === tree.parts.length) return [];
    if (!mayJudgeWhole(clause, group) || verdictOf(clause, group) !== 'never') return [];
    return [spoken(clause, group, 'never', place)];
  });
  return [...alone, ...together];
}

/** The one value that a whole tree looks at; undefined where it looks at several. */
export function keyOf(tree: Tree): string | undefined {
  const [first, ...others] = leavesOf(tree);
  return first !== undefined && others.every(({ key }) => key === first.key) ? first.key : undefined;
}

/** Of several elements each condition may mean another one, unless all of them must satisfy. */
export function mayJudgeWhole({ purpose }: Clause, tree: Tree): boolean {
  return tree.kind === 'leaf' || purpose === 'require' || !leavesOf(tree).some(hasEach);
}

function hasEach({ place: { path } }: Leaf): boolean {
  return (path.root === 'args' || path.root === 'annotations') && path.steps.some(({ kind }) => kind === 'each');
}

function verdictOf({ set, purpose }: Clause, tree: Tree): Verdict {
  const leaves = leavesOf(tree);
  const [first] = leaves;
  if (first === undefined) return 'sometimes';
  const domain = domainOf(first, set);
  const samples = samplesFor(leaves, domain.values)?.filter((sample) => domain.holds(sample));
  if (samples === undefined || samples.length === 0) return 'sometimes';
  const bad = purpose === 'require' ? FAILS | UNSURE : FAILS;
  const isBad = (answers: number): boolean => (answers & bad) !== 0;
  const all = samples.map((sample) => ({ answers: foresee(tree, sample), isThere: isPresent(sample) }));
  if (all.every(({ answers }) => (answers & HOLDS) === 0)) return 'never';
  if (leaves.some(hasEach)) return 'sometimes';
  if (!all.some(({ answers }) => isBad(answers))) return 'always';
  if (isPlainPresence(tree) || domain.presence === 'always') return 'sometimes';
  return all.some(({ answers, isThere }) => isThere && isBad(answers)) ? 'sometimes' : 'whenever there';
}

/** Asking whether a value is there is no mistake, though it holds whenever it is. */
function isPlainPresence(tree: Tree): boolean {
  const [leaf, second] = leavesOf(tree);
  if (leaf === undefined || second !== undefined) return false;
  const { op, value } = leaf;
  return op === 'exists' || (op === 'eq' && value === null) || (op === 'type' && value === 'null');
}

function spoken(clause: Clause, tree: Tree, verdict: Exclude<Verdict, 'sometimes'>, place: Standing): Warning {
  const leaves = leavesOf(tree);
  const [first] = leaves;
  const path = quoted(first?.text ?? '');
  const conditions = leaves
    .slice(0, 4)
    .map(said)
    .join(tree.kind === 'any' ? ' or ' : ' and ');
  const more = leaves.length > 4 ? ` and ${leaves.length - 4} more` : '';
  if (verdict === 'never') {
    const message = `no value of ${path} satisfies ${conditions}${more}${place === 'needed' ? NEVER[clause.purpose] : NEVER_SO}`;
    return { pointer: placeOf(clause, tree), code: 'never-matches', message };
  }
  const when = verdict === 'always' ? 'whatever is called' : 'whatever it is, once it is there';
  const message = `${path}: ${conditions}${more} holds ${when}${ALWAYS[clause.purpose]}`;
  return { pointer: placeOf(clause, tree), code: 'always-matches', message };
}

/** The whole list of conditions is told by the entry that holds it. */
function placeOf(clause: Clause, tree: Tree): string {
  return tree.pointer === clause.tree.pointer ? clause.pointer : tree.pointer;
}

const NEVER: { readonly [purpose in Clause['purpose']]: string } = {
  require: ', so every call is refused; change one of them, or write alternatives as {"any": […]}',
  deny_if: ', so nothing is refused by it but what cannot be judged; change one of them, or split the entry in two',
  approve_if: ', so nobody is asked but for what cannot be judged; change one of them, or split the entry in two',
  when: ', so the limit counts nothing but what cannot be judged; change one of them',
};

const NEVER_SO = ', so this alternative says nothing; change it or leave it out';

const ALWAYS: { readonly [purpose in Clause['purpose']]: string } = {
  require: ', so it requires nothing; to exclude several values write "not_in", or leave it out',
  deny_if:
    ', so it refuses more than it seems to; to spare several values write "not_in", or {"action": "deny"} if all is meant',
  approve_if:
    ', so a person is asked each time; to spare several values write "not_in", or {"action": "require_approval"}',
  when: ', so every such call is counted; to spare several values write "not_in", or leave it out',
};
