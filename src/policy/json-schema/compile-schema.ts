import { isObject, type Json } from '../../wire/json.ts';
import { below } from '../problem.ts';
import { findAnchors } from './anchors.ts';
import { addArrayChecks } from './arrays.ts';
import { addCombinations } from './combine.ts';
import { addDependents } from './dependents.ts';
import { readDialect } from './dialect.ts';
import { type Bounds, measure } from './measure.ts';
import { addNumberChecks } from './numbers.ts';
import { addObjectChecks } from './objects.ts';
import { addReference } from './references.ts';
import { newRun, type Run } from './run.ts';
import { type Schema, satisfies } from './schema.ts';
import { type Draft, keywordOf, refuse, type Spot, schemaAt, shownPlace } from './spot.ts';
import { Stop } from './stop.ts';
import { isAllNamed } from './strict.ts';
import { addStringChecks } from './strings.ts';
import { addUnevaluated } from './unevaluated.ts';
import { addConst, addEnum, addType } from './values.ts';

/** What is wrong with arguments, and where. */
interface SchemaFault {
  /** JSON Pointer into the arguments; keys longer than 100 characters are cut. */
  readonly pointer: string;
  /** One line: what is wanted, such as `/amount must be a number`. Holds no value of the arguments. */
  readonly message: string;
}

/** `schema`: arguments must satisfy the schema. `strict`: and hold nothing that it does not name. */
export type InputSchema =
  | { readonly kind: 'schema'; check(args: Json, mode: 'schema' | 'strict'): SchemaFault | undefined }
  | { readonly kind: 'problem'; readonly reason: string };

const SCHEMA_BOUNDS: Bounds = { depth: 128, nodes: 200_000, text: 4_000_000, numbers: 'any' };
const VALUE_BOUNDS: Bounds = { depth: 128, nodes: 1_000_000, text: Number.POSITIVE_INFINITY, numbers: 'exact' };
/** Work that any arguments may ask for, and what each value in them adds to it. */
const STEPS = 200_000;
const STEPS_EACH = 16;
const PATTERN_COST = 50_000;

/** Keywords that would need another document, or an answer that depends on how a schema was reached. */
const FOREIGN: readonly string[] = ['$dynamicRef', '$recursiveRef', '$vocabulary'];

/** Compiles the input schema of a tool. The schema is a stranger's text: every check of it is bounded, and none throws. */
export function compileSchema(schema: Json | undefined): InputSchema {
  if (schema === undefined) return { kind: 'problem', reason: 'the tool has no input schema' };
  try {
    measure(schema, SCHEMA_BOUNDS);
    return compiled(schema);
  } catch (error) {
    const why = error instanceof Stop ? error.message : 'it is beyond what can be compiled';
    return { kind: 'problem', reason: `the input schema cannot be used: ${why}` };
  }
}

function compiled(root: Json): InputSchema {
  const isMap = isObject(root);
  const dialect = readDialect(isMap && Object.hasOwn(root, '$schema') ? root['$schema'] : undefined);
  const draft: Draft = {
    root,
    dialect,
    anchors: isMap ? findAnchors(root, dialect.id) : { id: '', named: new Map(), hasInnerId: false },
    compiled: new Map(),
    waiting: [],
    patterns: new Map(),
    patternCost: PATTERN_COST,
    hasUnevaluated: false,
  };
  const schema = schemaAt(draft, root, '');
  for (let spot = draft.waiting.pop(); spot !== undefined; spot = draft.waiting.pop()) fill(spot);
  const isNoting = draft.hasUnevaluated;
  return {
    kind: 'schema',
    check: (args, mode) => check(schema, args, mode, isNoting || mode === 'strict' ? 'notes' : 'no notes'),
  };
}

/** The order is that of what is told first: a wrong type before a wrong member. */
function fill(spot: Spot): void {
  for (const key of FOREIGN) {
    if (keywordOf(spot, key) !== undefined) refuse(spot, key, 'is not known here; write $ref');
  }
  if (spot.schema !== spot.draft.root) readInnerDialect(spot);
  addReference(spot);
  if (keywordOf(spot, '$ref') !== undefined && spot.draft.dialect.besideRef === 'ignored') return;
  addType(spot);
  addEnum(spot);
  addConst(spot);
  addNumberChecks(spot);
  addStringChecks(spot);
  addArrayChecks(spot);
  addObjectChecks(spot);
  addDependents(spot);
  addCombinations(spot);
  addUnevaluated(spot);
}

function readInnerDialect(spot: Spot): void {
  const uri = keywordOf(spot, '$schema');
  if (uri !== undefined && readDialect(uri) !== spot.draft.dialect) {
    refuse(spot, '$schema', 'must be that of the whole schema');
  }
}

function check(
  schema: Schema,
  args: Json,
  mode: 'schema' | 'strict',
  noting: 'notes' | 'no notes',
): SchemaFault | undefined {
  const run = newRun(STEPS, noting);
  try {
    run.steps += STEPS_EACH * measure(args, VALUE_BOUNDS);
    const passes = satisfies(schema, args, run) && (mode === 'schema' || isAllNamed(args, run));
    return passes ? undefined : faultOf(run);
  } catch (error) {
    // A stack at its end, too, is no answer, and never one that lets pass.
    const why = error instanceof Stop ? error.message : 'it is beyond what can be checked';
    return fault(run.path, `cannot be judged: ${why}`);
  }
}

function faultOf(run: Run): SchemaFault {
  if (run.miss === undefined) return fault([], 'do not satisfy the schema');
  return fault(run.miss.path, `must ${run.miss.wants}`);
}

function fault(path: readonly (string | number)[], says: string): SchemaFault {
  const pointer = path.reduce<string>((place, key) => below(place, cut(key)), '');
  return { pointer, message: `${pointer === '' ? 'the arguments' : shownPlace(pointer)} ${says}` };
}

function cut(key: string | number): string | number {
  return typeof key === 'string' && key.length > 100 ? `${key.slice(0, 100).toWellFormed()}…` : key;
}
