import type { Scene } from './scene.ts';
import type { Condition } from './trace.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';

/** Holds if all parts do: the least of their answers. */
export function allOf(parts: readonly Condition[]): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const tests = parts.map(({ test }) => test);
  const test = (scene: Scene): Truth => {
    let least: Truth = TRUE;
    for (const one of tests) {
      const result = one(scene);
      if (result === FALSE) return FALSE;
      if (result === UNKNOWN) least = UNKNOWN;
    }
    return least;
  };
  return group('all', parts, test);
}

/** Holds if any part does: the greatest of their answers. */
export function anyOf(parts: readonly Condition[]): Condition {
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const tests = parts.map(({ test }) => test);
  const test = (scene: Scene): Truth => {
    let greatest: Truth = FALSE;
    for (const one of tests) {
      const result = one(scene);
      if (result === TRUE) return TRUE;
      if (result === UNKNOWN) greatest = UNKNOWN;
    }
    return greatest;
  };
  return group('any', parts, test);
}

function group(kind: 'all' | 'any', parts: readonly Condition[], test: (scene: Scene) => Truth): Condition {
  return {
    test,
    trace: (scene) => ({ kind, parts: parts.map((part) => part.trace(scene)), truth: test(scene) }),
  };
}
