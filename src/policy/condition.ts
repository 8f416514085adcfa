import { isArray, type Json, type JsonObject } from '../wire/json.ts';
import { checkKeys, type Draft, elementsAt, type Keys, objectAt, refuse } from './draft.ts';
import type { Comparison } from './equal.ts';
import { type Range, testAlong, type ValueTest } from './find.ts';
import { isJudgeable, type MomentPart, momentInUtc, momentInZone, zoneFormat } from './moment.ts';
import { valueTest } from './operator.ts';
import { type FactName, type Path, readPath } from './path.ts';
import { below, quoted } from './problem.ts';
import { readOperation } from './read-operation.ts';
import type { Scene, Test } from './scene.ts';
import { FALSE, opposite, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** What an entry's conditions serve: it settles how `[*]` ranges and how wary `eq` is. */
export type Purpose = 'require' | 'deny_if';

interface Sense {
  readonly range: Range;
  readonly comparison: Comparison;
  readonly isNegated: boolean;
  /** Paths looked at, for the texts of refusals. */
  readonly paths: Set<string>;
}

export interface Conditions {
  readonly test: Test;
  readonly paths: readonly string[];
}

const KEYS: Keys = {
  known: ['path', 'op', 'value', 'timezone', 'ignore_case', 'all', 'any', 'not'],
  later: ['within'],
};
const FORMS: readonly string[] = ['all', 'any', 'not'];

/** Compiles the ANDed conditions of an entry; none at all always hold. */
export function compileConditions(draft: Draft, entry: JsonObject, pointer: string, purpose: Purpose): Conditions {
  const paths = new Set<string>();
  const sense: Sense = {
    range: purpose === 'require' ? 'every' : 'any',
    comparison: purpose === 'require' ? 'exact' : 'wary',
    isNegated: false,
    paths,
  };
  const tests = elementsAt(draft, entry, pointer, 'conditions').map((element) =>
    compileCondition(draft, element.value, element.pointer, sense),
  );
  return { test: allOf(tests), paths: [...paths].sort() };
}

/** After a problem the test is unknown; it is never used, because the document does not compile. */
function compileCondition(draft: Draft, value: Json, pointer: string, sense: Sense): Test {
  const condition = objectAt(draft, value, pointer, ' such as {"path": "args.x", "op": "eq", "value": 1}');
  if (condition === undefined) return unknown;
  checkKeys(draft, condition, pointer, KEYS);
  const forms = FORMS.filter((form) => condition[form] !== undefined);
  const [form] = forms;
  if (form === undefined) return compileLeaf(draft, condition, pointer, sense);
  if (
    forms.length > 1 ||
    ['path', 'op', 'value', 'timezone', 'ignore_case'].some((key) => condition[key] !== undefined)
  ) {
    refuse(draft, pointer, 'a condition is either {path, op, value} or one of {all}, {any}, {not}; split it');
    return unknown;
  }
  if (form === 'not') {
    return compileCondition(draft, condition['not'] ?? null, below(pointer, 'not'), {
      ...sense,
      isNegated: !sense.isNegated,
    });
  }
  return compileGroup(draft, condition, pointer, form === 'all' ? 'all' : 'any', sense);
}

/** Under `not`, `all` and `any` change places (De Morgan), so that only leaves are ever negated. */
function compileGroup(draft: Draft, condition: JsonObject, pointer: string, form: 'all' | 'any', sense: Sense): Test {
  if (isArray(condition[form]) && condition[form].length === 0) {
    // Empty groups are true or false by convention only: an author who leaves one empty meant something else.
    refuse(draft, below(pointer, form), 'must hold at least one condition');
    return unknown;
  }
  const tests = elementsAt(draft, condition, pointer, form).map((element) =>
    compileCondition(draft, element.value, element.pointer, sense),
  );
  return (form === 'all') === sense.isNegated ? anyOf(tests) : allOf(tests);
}

function compileLeaf(draft: Draft, condition: JsonObject, pointer: string, sense: Sense): Test {
  const text = condition['path'];
  if (typeof text !== 'string') {
    if (text === undefined) refuse(draft, pointer, '"path" is missing; write {path, op, value}, {all}, {any} or {not}');
    else refuse(draft, below(pointer, 'path'), 'must be a text such as "args.amount"');
    return unknown;
  }
  const path = readPath(text);
  if (typeof path === 'string') refuse(draft, below(pointer, 'path'), path);
  const good = typeof path === 'string' ? undefined : path;
  // A name that the client chose must not open a door: it may refuse, never let pass.
  if (sense.range === 'every' && good?.root === 'fact' && good.fact.startsWith('client.')) {
    refuse(
      draft,
      below(pointer, 'path'),
      'is what the client says of itself and cannot be required; use grant.name, or deny_if',
    );
  }
  const operation = readOperation(draft, condition, pointer, good);
  const zone = readZone(draft, condition, pointer, good);
  if (good === undefined || operation === undefined) return unknown;
  sense.paths.add(text);
  const plain = valueTest(operation, sense.comparison);
  return lookup(good, zone, sense.range, sense.isNegated ? (found) => opposite(plain(found)) : plain);
}

function readZone(
  draft: Draft,
  condition: JsonObject,
  pointer: string,
  path: Path | undefined,
): Intl.DateTimeFormat | undefined {
  const name = condition['timezone'];
  if (name === undefined) return undefined;
  const place = below(pointer, 'timezone');
  if (path !== undefined && (path.root !== 'fact' || !path.fact.startsWith('time.'))) {
    return refuse(draft, place, '"timezone" goes with time.hour, time.weekday and time.date only');
  }
  if (typeof name !== 'string') return refuse(draft, place, 'must be a text such as "Europe/Berlin"');
  const key = name.toLowerCase();
  if (!draft.zones.has(key)) draft.zones.set(key, zoneFormat(name));
  return (
    draft.zones.get(key) ?? refuse(draft, place, `unknown time zone ${quoted(name)}; write one such as "Europe/Berlin"`)
  );
}

function lookup(path: Path, zone: Intl.DateTimeFormat | undefined, range: Range, test: ValueTest): Test {
  switch (path.root) {
    case 'args': {
      const { steps } = path;
      return (scene) => testAlong(scene.call.args, steps, 0, range, test);
    }
    case 'label': {
      const { label } = path;
      return (scene) =>
        test(Object.hasOwn(scene.subject.grant.labels, label) ? scene.subject.grant.labels[label] : undefined);
    }
    case 'fact':
      return factTest(path.fact, zone, test);
  }
}

function factTest(fact: FactName, zone: Intl.DateTimeFormat | undefined, test: ValueTest): Test {
  switch (fact) {
    case 'tool.name':
      return (scene) => test(scene.call.name);
    case 'tool.class':
      return (scene) => test(scene.target.class);
    case 'grant.name':
      return (scene) => test(scene.subject.grant.name);
    case 'grant.owner':
      return (scene) => test(scene.subject.grant.owner);
    case 'client.name':
      return (scene) => test(scene.subject.client.name);
    case 'client.version':
      return (scene) => test(scene.subject.client.version);
    case 'time.hour':
      return momentTest('hour', zone, test);
    case 'time.weekday':
      return momentTest('weekday', zone, test);
    case 'time.date':
      return momentTest('date', zone, test);
  }
}

function momentTest(part: MomentPart, zone: Intl.DateTimeFormat | undefined, test: ValueTest): Test {
  return ({ facts: { at } }) => {
    if (!isJudgeable(at)) return UNKNOWN;
    return test(zone === undefined ? momentInUtc(at, part) : momentInZone(at, part, zone));
  };
}

function unknown(): Truth {
  return UNKNOWN;
}

function allOf(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (scene: Scene) => {
    let least: Truth = TRUE;
    for (const test of tests) {
      const result = test(scene);
      if (result === FALSE) return FALSE;
      if (result === UNKNOWN) least = UNKNOWN;
    }
    return least;
  };
}

function anyOf(tests: readonly Test[]): Test {
  const [only] = tests;
  if (only !== undefined && tests.length === 1) return only;
  return (scene: Scene) => {
    let greatest: Truth = FALSE;
    for (const test of tests) {
      const result = test(scene);
      if (result === TRUE) return TRUE;
      if (result === UNKNOWN) greatest = UNKNOWN;
    }
    return greatest;
  };
}
