import { isArray, isObject, type Json } from '../../wire/json.ts';
import { below, quoted } from '../problem.ts';
import { isScalar, spelling } from '../spelling.ts';
import { argumentSteps, type Clause, type Leaf, leavesOf, said } from './clause.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Operators of which a value of another type is no match, so that it cannot slip past beside them. */
export const TYPED: readonly string[] = ['eq', 'in', 'lt', 'lte', 'gt', 'gte', 'type'];

/** The clauses of a document by what they stand in. */
export interface Sisters {
  readonly bySet: ReadonlyMap<RuleSet, readonly Clause[]>;
  readonly forAll: readonly Clause[];
}

export function sistersOf(clauses: readonly Clause[]): Sisters {
  return {
    bySet: Map.groupBy(clauses, ({ set }) => set),
    forAll: clauses.filter(({ set }) => set.kind === 'all_tools'),
  };
}

/** Warns of negations that another spelling, or no value at all, passes. */
export function checkSpelling(subject: Subject, clauses: readonly Clause[]): readonly Warning[] {
  const sisters = sistersOf(clauses);
  return clauses.flatMap((clause) => {
    const leaves = leavesOf(clause.tree);
    const spelled = leaves.flatMap((leaf) => ofSpelling(subject, sisters, clause, leaf));
    // Once for each value: what is absent is so for all comparisons with it.
    const absent = leaves.flatMap((leaf) =>
      ofAbsence(subject, sisters, clause, leaf).map((warning) => ({ leaf, warning })),
    );
    const first = new Map(absent.toReversed().map(({ leaf, warning }) => [leaf.key, warning]));
    return [...spelled, ...first.values()];
  });
}

function ofSpelling(subject: Subject, sisters: Sisters, clause: Clause, leaf: Leaf): readonly Warning[] {
  const { op, isNegated, value, pointer } = leaf;
  if (clause.purpose !== 'require' || argumentSteps(leaf) === undefined || isValidated(subject, clause.set)) return [];
  const isExclusion = isNegated ? op === 'eq' || op === 'in' : op === 'neq' || op === 'not_in';
  if (!isExclusion) return [];
  const values = isArray(value) && (op === 'in' || op === 'not_in') ? value : [value];
  const odd = values.find((one) => hasOtherType(one) && !values.some((other) => isTwin(one, other)));
  if (odd === undefined || isBoundElsewhere(sisters, clause, leaf)) return [];
  const alike = typeof odd === 'string' ? spelling(odd) : JSON.stringify(String(odd));
  const message = `${said(leaf)} compares without coercion, so ${alike} passes for ${JSON.stringify(odd)} where the server coerces; add "validate": "schema", or a condition {"path": ${JSON.stringify(leaf.text)}, "op": "type", …}`;
  return [{ pointer, code: 'spelled-alike', message }];
}

/** Whether servers commonly take a value of another type for it. */
function hasOtherType(value: Json): boolean {
  if (typeof value === 'number' || typeof value === 'boolean') return true;
  return typeof value === 'string' && value !== '' && /^(?:-?\d+(?:\.\d+)?|true|false)$/i.test(value);
}

/** An author who lists both spellings knows of them. */
function isTwin(one: Json, other: Json): boolean {
  return isScalar(one) && isScalar(other) && typeof one !== typeof other && spelling(one) === spelling(other);
}

export function isValidated({ root }: Subject, { source, kind }: RuleSet): boolean {
  const all = root['all_tools'];
  const isOfTools = kind === 'tool' || kind === 'class' || kind === 'all_tools';
  return hasSchema(source) || (isOfTools && isObject(all) && hasSchema(all));
}

function hasSchema({ validate }: RuleSet['source']): boolean {
  return validate === 'schema' || validate === 'strict';
}

/** Another requirement on the same value, beside this one, that no other type meets. */
function isBoundElsewhere(sisters: Sisters, clause: Clause, leaf: Leaf): boolean {
  return requiredBeside(sisters, clause).some(
    (other) => other.key === leaf.key && !other.isNegated && TYPED.includes(other.op),
  );
}

/** Comparisons that every call must meet that the rules let pass. */
export function requiredBeside({ bySet, forAll }: Sisters, { set }: Pick<Clause, 'set'>): readonly Leaf[] {
  const isOfTools = set.kind === 'tool' || set.kind === 'class';
  return [...(bySet.get(set) ?? []), ...(isOfTools ? forAll : [])]
    .filter(({ purpose }) => purpose === 'require')
    .flatMap(({ tree }) => tree.parts.flatMap((part) => (part.kind === 'leaf' ? [part] : [])));
}

function ofAbsence(subject: Subject, sisters: Sisters, clause: Clause, leaf: Leaf): readonly Warning[] {
  const { op, isNegated, pointer, key, place } = leaf;
  if (clause.purpose !== 'deny_if' || isNegated || !(op === 'neq' || op.startsWith('not_'))) return [];
  if (place.path.root !== 'args' && place.path.root !== 'label') return [];
  if (place.path.root === 'args' && place.path.steps.length === 0) return [];
  const isRequired = requiredBeside(sisters, clause).some((other) => other.key === key && !isAbsenceWanted(other));
  const isRefused = (sisters.bySet.get(clause.set) ?? []).some(
    ({ purpose, tree }) =>
      purpose === 'deny_if' && leavesOf(tree).some((other) => other.key === key && isAbsenceWanted(other)),
  );
  if (isRequired || isRefused || (isValidated(subject, clause.set) && isNeeded(clause.set, leaf))) return [];
  const positive = op === 'neq' ? 'eq' : op.slice(4);
  const message = `${op} does not match where ${quoted(leaf.text)} is absent, so such calls are not refused; write {"not": {"path": …, "op": "${positive}", "value": …}}`;
  return [{ pointer: below(pointer, 'op'), code: 'absent-passes', message }];
}

/** Whether it looks for there being no value. */
function isAbsenceWanted({ op, value, isNegated }: Leaf): boolean {
  if (op === 'exists') return (value === false) !== isNegated;
  return isNegated && op !== 'neq' && !op.startsWith('not_');
}

/** Whether every tool's schema requires the argument. */
function isNeeded({ tools }: RuleSet, leaf: Leaf): boolean {
  const [step, ...more] = argumentSteps(leaf) ?? [];
  if (step?.kind !== 'key' || more.length > 0 || tools === undefined || tools.length === 0) return false;
  return tools.every(({ inputSchema }) => {
    const required = isObject(inputSchema) ? inputSchema['required'] : undefined;
    return isArray(required) && required.includes(step.key);
  });
}
