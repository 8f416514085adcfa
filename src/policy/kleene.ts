import { canonicalJson } from '../wire/write-json.ts';
import type { Test } from './scene.ts';
import type { Condition, Trace } from './trace.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Holds if all parts do: the least of their answers. */
export function allOf(parts: readonly Condition[]): Condition {
  return joined('all', parts, leastOf);
}

/** Holds if any part does: the greatest of their answers. */
export function anyOf(parts: readonly Condition[]): Condition {
  return joined('any', parts, greatestOf);
}

function leastOf(tests: readonly Test[]): Test {
  return (scene) => {
    let least: Truth = TRUE;
    for (const one of tests) {
      const result = one(scene);
      if (result === FALSE) return FALSE;
      if (result === UNKNOWN) least = UNKNOWN;
    }
    return least;
  };
}

function greatestOf(tests: readonly Test[]): Test {
  return (scene) => {
    let greatest: Truth = FALSE;
    for (const one of tests) {
      const result = one(scene);
      if (result === TRUE) return TRUE;
      if (result === UNKNOWN) greatest = UNKNOWN;
    }
    return greatest;
  };
}

/** A group of one is that one. */
function joined(kind: 'all' | 'any', parts: readonly Condition[], testOf: (tests: readonly Test[]) => Test): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  return {
    test: testOf(testsOf(parts)),
    trace(scene) {
      const traces = parts.map((part) => part.trace(scene));
      const truth = kind === 'all' ? traces.reduce(lesser, TRUE) : traces.reduce(greater, FALSE);
      return { kind, parts: traces, truth };
    },
    cost: parts.reduce((sum, { cost }) => sum + cost, 0),
    source: parts.map(({ source }) => source),
  };
}

function lesser(least: Truth, { truth }: Trace): Truth {
  return truth < least ? truth : least;
}

function greater(greatest: Truth, { truth }: Trace): Truth {
  return truth > greatest ? truth : greatest;
}

/**
 * The cheap ones first, then the costly ones by cost and text.
 * INVARIANT: what is spent on a call before a test is reached does not depend on how the document is written (law 3).
 */
function testsOf(parts: readonly Condition[]): readonly Test[] {
  const costly = parts.filter(({ cost }) => cost > 0);
  const cheap = parts.filter(({ cost }) => cost === 0);
  const ordered = costly.length < 2 ? costly : inTurn(costly);
  return [...cheap, ...ordered].map(({ test }) => test);
}

function inTurn(parts: readonly Condition[]): readonly Condition[] {
  const keyed = parts.map((part) => ({ part, text: canonicalJson(part.source) }));
  keyed.sort((a, b) => a.part.cost - b.part.cost || (a.text < b.text ? -1 : 1));
  return keyed.map(({ part }) => part);
}
