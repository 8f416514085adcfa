import { isArray, isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { FALSE, TRUE, type Truth, truth, UNKNOWN } from '../truth.ts';
import { judgeReferences, noReferences, noteColumn, noteRelation, type References } from './function-relations.ts';
import type { Allowance, SqlKind } from './kinds.ts';
import { EXPRESSIONS } from './postgres-expressions.ts';
import { STATEMENT_KINDS, STATEMENTS } from './postgres-statements.ts';
import {
  judgeFunction,
  judgeOperator,
  judgeOptions,
  judgeSampling,
  judgeType,
  wordOf,
  wordsOf,
} from './postgres-words.ts';
import type { NodeShape, Role } from './shape.ts';

/** All that may stand in a tree. A type of node, or a field of one, that is not here is not allowed. */
const SHAPES: ReadonlyMap<string, NodeShape> = new Map([...STATEMENTS, ...EXPRESSIONS]);
/** Fields that make a reading statement change or lock something. */
const CHANGES: ReadonlySet<string> = new Set(['intoClause', 'lockingClause']);
/** Actions inside MERGE, and of ON CONFLICT. */
const ACTION_KINDS: ReadonlyMap<Json, SqlKind> = new Map<Json, SqlKind>([
  ['CMD_INSERT', 'insert'],
  ['CMD_UPDATE', 'update'],
  ['CMD_DELETE', 'delete'],
  ['ONCONFLICT_UPDATE', 'update'],
]);
const HARMLESS_ACTIONS: ReadonlySet<Json> = new Set(['CMD_NOTHING', 'ONCONFLICT_NOTHING']);

/** What is still to be judged, without the recursion that a deep tree would not survive. */
interface Walk {
  readonly allowance: Allowance;
  readonly references: References;
  readonly open: { readonly value: Json; readonly role: Role }[];
}

/**
 * Judges the tree of a text: true if every node is of an allowed kind; false if a statement, INTO or a lock certainly is
 * not; unknown if there is no statement, or something whose effect nobody here knows.
 */
export function judgePostgres(tree: Json, allowance: Allowance): Truth {
  const statements = isObject(tree) ? tree['stmts'] : undefined;
  if (!isArray(statements) || statements.length === 0) return UNKNOWN;
  const walk: Walk = { allowance, references: noReferences(), open: [] };
  for (const value of statements) walk.open.push({ value, role: 'RawStmt' });
  let result: Truth = TRUE;
  for (let next = walk.open.pop(); next !== undefined; next = walk.open.pop()) {
    const judged = judgeValue(walk, next.value, next.role);
    if (judged === FALSE) return FALSE;
    if (judged === UNKNOWN) result = UNKNOWN;
  }
  return result === TRUE ? judgeReferences(walk.references, allowance) : result;
}

function judgeValue(walk: Walk, value: Json, role: Role): Truth {
  switch (role) {
    case 'plain':
      return TRUE;
    case 'node':
      return judgeWrapped(walk, value);
    case 'names':
      return judgeFunction(wordsOf(value), walk.allowance);
    case 'operator':
      return judgeOperator(wordsOf(value), walk.allowance);
    case 'type':
      return judgeType(wordsOf(value), walk.allowance);
    case 'column':
      return noteColumn(walk.references, value);
    case 'steps':
      return judgeSteps(walk, value);
    case 'sampling':
      return judgeSampling(wordsOf(value));
    case 'options':
      return judgeOptions(value);
    case 'read':
      walk.open.push({ value, role: 'node' });
      return truth(walk.allowance.kinds.has('select'));
    case 'source':
      return judgeSource(walk, value);
    default:
      return judgeNode(walk, value, role);
  }
}

/** `{"SelectStmt": {…}}`, a list of such, or `{}` where a list has a gap. */
function judgeWrapped(walk: Walk, value: Json): Truth {
  if (isArray(value)) {
    for (const element of value) walk.open.push({ value: element, role: 'node' });
    return TRUE;
  }
  if (!isObject(value)) return UNKNOWN;
  const types = Object.keys(value);
  const [type] = types;
  if (type === undefined) return TRUE;
  const node = value[type];
  return types.length === 1 && node !== undefined ? judgeNode(walk, node, type) : UNKNOWN;
}

function judgeNode(walk: Walk, node: Json, type: string): Truth {
  const kind = kindOf(type, node);
  if (kind === 'none' || (kind !== 'any' && !walk.allowance.kinds.has(kind))) return FALSE;
  const shape = SHAPES.get(type);
  if (shape === undefined || !isObject(node)) return UNKNOWN;
  let result: Truth = type === 'RangeFunction' ? noteRelation(walk.references, node) : TRUE;
  for (const field of Object.keys(node)) {
    const value = node[field];
    const role = shape.get(field);
    if (CHANGES.has(field)) return FALSE;
    if (value === undefined || role === undefined) result = UNKNOWN;
    else if (role !== 'plain') walk.open.push({ value, role });
  }
  return result;
}

/** The kind that must be allowed for a node; `none` for a statement that no kind allows. */
function kindOf(type: string, node: Json): SqlKind | 'any' | 'none' {
  if (type === 'RawStmt') return 'any';
  if (type.endsWith('Stmt')) return STATEMENT_KINDS.get(type) ?? 'none';
  if (type === 'MergeWhenClause') return actionOf(node, 'commandType');
  return type === 'OnConflictClause' ? actionOf(node, 'action') : 'any';
}

function actionOf(node: Json, field: string): SqlKind | 'any' | 'none' {
  const action = isObject(node) ? node[field] : undefined;
  if (action === undefined) return 'none';
  return HARMLESS_ACTIONS.has(action) ? 'any' : (ACTION_KINDS.get(action) ?? 'none');
}

/** The steps after a value: `(x).f` calls the function `f` where `x` has no such field. */
function judgeSteps(walk: Walk, steps: Json): Truth {
  if (!isArray(steps)) return UNKNOWN;
  let result: Truth = TRUE;
  for (const step of steps) {
    const word = wordOf(step);
    if (word === undefined) walk.open.push({ value: step, role: 'node' });
    else if (judgeFunction([word], walk.allowance) !== TRUE) result = UNKNOWN;
  }
  return result;
}

/** What an INSERT inserts: rows that stand in the text need no leave to read. */
function judgeSource(walk: Walk, value: Json): Truth {
  const select = isObject(value) ? value['SelectStmt'] : undefined;
  const isValues = isObject(select) && isPlainValues(select);
  walk.open.push(isValues ? { value: select, role: 'InsertedValues' } : { value, role: 'node' });
  return TRUE;
}

function isPlainValues(select: JsonObject): boolean {
  const shape = SHAPES.get('InsertedValues');
  return select['valuesLists'] !== undefined && Object.keys(select).every((field) => shape?.has(field) === true);
}
