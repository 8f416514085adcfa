import { isArray, isObject, type Json, type JsonObject } from '../wire/json.ts';
import type { Step } from './path.ts';
import { FALSE, TRUE, type Truth, UNKNOWN } from './truth.ts';
import { differInCaseAlone } from './typed/text.ts';
import type { Work } from './work.ts';

/** How `[*]` is resolved: every element must satisfy, or any element suffices. */
export type Range = 'every' | 'any';

/** Answers for one value; undefined stands for an absent one. */
export type ValueTest = (value: Json | undefined, work: Work) => Truth;

/** Walks from `value` along `steps` and tests what it finds. A path through a scalar, or `[*]` over no array, is unknown. */
export function testAlong(
  value: Json | undefined,
  steps: readonly Step[],
  from: number,
  range: Range,
  test: ValueTest,
  work: Work,
): Truth {
  let found = value;
  for (let at = from; at < steps.length; at++) {
    const step = steps[at];
    if (step === undefined || found === undefined || found === null) return test(undefined, work);
    switch (step.kind) {
      case 'key':
        // A name step into an array is no less a wrong turn than one into a scalar.
        if (!isObject(found) || hasTwin(found, step.key)) return UNKNOWN;
        found = Object.hasOwn(found, step.key) ? found[step.key] : undefined;
        break;
      case 'index':
        if (!isArray(found)) return UNKNOWN;
        found = found[step.index];
        break;
      case 'each':
        if (!isArray(found)) return UNKNOWN;
        return testEach(found, steps, at + 1, range, test, work);
    }
  }
  return test(found, work);
}

/** Whether another key differs from this one by case alone: some servers take the one for the other, the last one winning. */
function hasTwin(object: JsonObject, key: string): boolean {
  for (const other in object) {
    if (other.length === key.length && other !== key && differInCaseAlone(other, key)) return true;
  }
  return false;
}

/** Over an empty array a requirement fails and nothing else matches: false either way. */
function testEach(
  array: readonly Json[],
  steps: readonly Step[],
  from: number,
  range: Range,
  test: ValueTest,
  work: Work,
): Truth {
  if (array.length === 0) return FALSE;
  const decisive = range === 'every' ? FALSE : TRUE;
  let result: Truth = range === 'every' ? TRUE : FALSE;
  for (const element of array) {
    const one = testAlong(element, steps, from, range, test, work);
    if (one === decisive) return decisive;
    if (one === UNKNOWN) result = UNKNOWN;
  }
  return result;
}

/** What stands at a path, for those who explain: at most `most` values; absent ones are left out. */
export function valuesAlong(value: Json | undefined, steps: readonly Step[], most: number): readonly Json[] {
  const [step, ...rest] = steps;
  if (value === undefined) return [];
  if (step === undefined) return [value];
  switch (step.kind) {
    case 'key':
      return isObject(value) && Object.hasOwn(value, step.key) ? valuesAlong(value[step.key], rest, most) : [];
    case 'index':
      return isArray(value) ? valuesAlong(value[step.index], rest, most) : [];
    case 'each': {
      if (!isArray(value)) return [];
      const found: Json[] = [];
      for (const element of value) {
        if (found.length >= most) break;
        found.push(...valuesAlong(element, rest, most - found.length));
      }
      return found;
    }
  }
}

/** The one value at a path without `[*]`; undefined where there is none. */
export function valueAt(value: Json | undefined, steps: readonly Step[]): Json | undefined {
  let found = value;
  for (const step of steps) {
    if (step.kind === 'key' && isObject(found) && !hasTwin(found, step.key)) {
      found = Object.hasOwn(found, step.key) ? found[step.key] : undefined;
    } else if (step.kind === 'index' && isArray(found)) found = found[step.index];
    else return undefined;
  }
  return found;
}
