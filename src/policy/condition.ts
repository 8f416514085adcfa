import { isArray, type Json, type JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, elementsAt, objectAt, refuse } from './draft.ts';
import type { Comparison } from './equal.ts';
import type { Range } from './find.ts';
import { allOf, anyOf } from './kleene.ts';
import { type Place, seenAt, testAt } from './look.ts';
import { costOf, type Operation, valueTest } from './operator.ts';
import { below } from './problem.ts';
import { readOperation } from './read-operation.ts';
import { readPlace } from './read-place.ts';
import { CONDITION } from './rule-vocabulary.ts';
import type { Condition } from './trace.ts';
import { opposite, UNKNOWN } from './truth.ts';
import { remembered } from './work.ts';

/** What conditions serve: it settles how `[*]` ranges, how wary `eq` is, and what a stranger's word may do. */
export type Purpose = 'require' | 'deny_if' | 'approve_if' | 'when';

interface Sense {
  readonly range: Range;
  readonly comparison: Comparison;
  readonly isNegated: boolean;
  /** Paths looked at, for the texts of refusals. */
  readonly paths: Set<string>;
}

export interface Conditions extends Condition {
  readonly paths: readonly string[];
}

const FORMS: readonly string[] = ['all', 'any', 'not'];
const LEAF_KEYS: readonly string[] = ['path', 'op', 'value', 'timezone', 'ignore_case', 'within'];
const BESIDE: readonly string[] = ['timezone', 'within', 'ignore_case'];
const UNUSED: Condition = {
  test: () => UNKNOWN,
  trace: () => ({ kind: 'all', parts: [], truth: UNKNOWN }),
  cost: 0,
  source: null,
};

/** Compiles the ANDed conditions under a key; none at all always hold. */
export function compileConditions(
  draft: Draft,
  owner: JsonObject,
  pointer: string,
  key: 'conditions' | 'when',
  purpose: Purpose,
): Conditions {
  const paths = new Set<string>();
  const sense: Sense = {
    range: purpose === 'require' ? 'every' : 'any',
    comparison: purpose === 'require' ? 'exact' : 'wary',
    isNegated: false,
    paths,
  };
  const parts = elementsAt(draft, owner, pointer, key).map((element) =>
    compileCondition(draft, element.value, element.pointer, sense),
  );
  return { ...allOf(parts), paths: [...paths].sort() };
}

/** After a problem the condition is never used, because the document does not compile. */
function compileCondition(draft: Draft, value: Json, pointer: string, sense: Sense): Condition {
  const condition = objectAt(draft, value, pointer, ' such as {"path": "args.x", "op": "eq", "value": 1}');
  if (condition === undefined) return UNUSED;
  checkKeys(draft, condition, pointer, CONDITION);
  const forms = FORMS.filter((form) => condition[form] !== undefined);
  const [form] = forms;
  if (form === undefined) return compileLeaf(draft, condition, pointer, sense);
  if (forms.length > 1 || LEAF_KEYS.some((key) => condition[key] !== undefined)) {
    refuse(draft, pointer, 'a condition is either {path, op, value} or one of {all}, {any}, {not}; split it');
    return UNUSED;
  }
  if (form === 'not') {
    const inner: Sense = { ...sense, isNegated: !sense.isNegated };
    return compileCondition(draft, condition['not'] ?? null, below(pointer, 'not'), inner);
  }
  return compileGroup(draft, condition, pointer, form === 'all' ? 'all' : 'any', sense);
}

/** Under `not`, `all` and `any` change places (De Morgan), so that only leaves are ever negated. */
function compileGroup(
  draft: Draft,
  condition: JsonObject,
  pointer: string,
  form: 'all' | 'any',
  sense: Sense,
): Condition {
  if (isArray(condition[form]) && condition[form].length === 0) {
    // Empty groups are true or false by convention only: an author who leaves one empty meant something else.
    refuse(draft, below(pointer, form), 'must hold at least one condition');
    return UNUSED;
  }
  const parts = elementsAt(draft, condition, pointer, form).map((element) =>
    compileCondition(draft, element.value, element.pointer, sense),
  );
  return (form === 'all') === sense.isNegated ? anyOf(parts) : allOf(parts);
}

function compileLeaf(draft: Draft, condition: JsonObject, pointer: string, sense: Sense): Condition {
  const place = readPlace(draft, condition, pointer);
  const operation = readOperation(draft, condition, pointer, place?.path);
  if (place === undefined || operation === undefined) return UNUSED;
  refuseHearsay(draft, pointer, place, operation, sense);
  const text = String(condition['path']);
  sense.paths.add(text);
  const plain = valueTest(operation, sense.comparison);
  const cost = costOf(operation);
  const asked = testAt(place, sense.range, sense.isNegated ? (found, work) => opposite(plain(found, work)) : plain);
  const test = cost === 0 ? asked : remembered(asked);
  const beside = BESIDE.flatMap((key) => (condition[key] === undefined ? [] : [[key, condition[key]] as const]));
  const { isNegated } = sense;
  const written = { path: text, op: operation.op, value: condition['value'] ?? null, beside, isNegated };
  return {
    test,
    trace: (scene) => ({ kind: 'comparison', ...written, saw: seenAt(place, scene), truth: test(scene) }),
    cost,
    source: sense.isNegated ? { not: condition } : condition,
  };
}

/**
 * What a server or a client says of itself must not open a door: it may refuse or ask, never let pass. Required, it would
 * let pass whoever says the right thing; negated, whoever does not say the wrong one.
 */
function refuseHearsay(draft: Draft, pointer: string, { path }: Place, operation: Operation, sense: Sense): void {
  const whose = speakerOf(path);
  if (whose === undefined) return;
  const place = below(pointer, 'path');
  if (sense.range === 'every') {
    refuse(draft, place, `is what the ${whose} says of itself and cannot be required; ${REMEDY[whose]}`);
  } else if (isNegative(operation) !== sense.isNegated) {
    refuse(draft, place, `is what the ${whose} says of itself: it may match, but not by its absence; ${REMEDY[whose]}`);
  }
}

const REMEDY = {
  client: 'use grant.name, or name the clients to be refused in deny_if',
  server: 'set the class of the tool in the configuration and use tool.class',
} as const;

function speakerOf(path: Place['path']): 'client' | 'server' | undefined {
  if (path.root === 'annotations') return 'server';
  return path.root === 'fact' && path.fact.startsWith('client.') ? 'client' : undefined;
}

function isNegative(operation: Operation): boolean {
  return (
    operation.op === 'neq' || operation.op.startsWith('not_') || (operation.op === 'exists' && operation.wanted < 0)
  );
}
