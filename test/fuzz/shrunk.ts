import { isArray, isObject, type Json, objectOf } from '../../src/wire/json.ts';
import { check, isFault } from './check-trial.ts';
import type { Asked, Trial } from './trial.ts';

/** Trials that one shrinking may cost. */
const MOST = 3_000;

/** The smallest trial found by leaving parts out, one after the other, that still breaks the same law. */
export function shrunk(trial: Trial, law: string): Trial {
  let left = MOST;
  let least = trial;
  for (let next: Trial | undefined = least; next !== undefined; ) {
    least = next;
    next = undefined;
    for (const smaller of smallerOnes(least)) {
      if (left-- <= 0) return least;
      const result = check(smaller);
      if (!isFault(result) || result.law !== law) continue;
      next = smaller;
      break;
    }
  }
  return least;
}

function* smallerOnes(trial: Trial): Generator<Trial> {
  if (trial.kind === 'text') {
    for (let length = trial.text.length >> 1; length > 0; length >>= 1) {
      for (let at = 0; at < trial.text.length; at += length) {
        yield { ...trial, text: trial.text.slice(0, at) + trial.text.slice(at + length) };
      }
    }
    return;
  }
  const { policy, baseline, asked } = trial;
  if (baseline !== null) yield { ...trial, baseline: null };
  for (const at of asked.keys()) yield { ...trial, asked: asked.toSpliced(at, 1) };
  for (const smaller of without(policy)) yield { ...trial, policy: smaller };
  if (baseline !== null) for (const smaller of without(baseline)) yield { ...trial, baseline: smaller };
  for (const [at, one] of asked.entries()) {
    for (const args of without(one.args)) {
      if (isObject(args)) yield { ...trial, asked: asked.with(at, { ...one, args } satisfies Asked) };
    }
  }
}

/** The value with one part left out, the largest parts first. */
function* without(value: Json): Generator<Json> {
  if (isArray(value)) {
    for (const at of value.keys()) yield value.toSpliced(at, 1);
    for (const [at, element] of value.entries()) {
      for (const smaller of without(element)) yield value.with(at, smaller);
    }
  }
  if (!isObject(value)) return;
  const entries = Object.entries(value);
  for (const [at] of entries.entries()) yield objectOf(entries.toSpliced(at, 1));
  for (const [at, [key, member]] of entries.entries()) {
    for (const smaller of without(member)) yield objectOf(entries.with(at, [key, smaller]));
  }
}
