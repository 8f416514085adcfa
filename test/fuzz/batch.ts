import { check, type Fault, isFault, type Outcome } from './check-trial.ts';
import { shrunk } from './shrunk.ts';
import type { Trial } from './trial.ts';
import { trialsOf } from './trials.ts';

/** What the trials of one seed came to. */
export interface Batch {
  readonly seed: number;
  readonly outcome: Outcome;
  readonly failures: readonly Failure[];
}

interface Failure {
  /** Of the trial among those of its seed. */
  readonly at: number;
  readonly fault: Fault;
  readonly trial: Trial;
}

export const NOTHING: Outcome = { documents: 0, compiled: 0, calls: 0, agreed: 0, texts: 0 };

/** Tries all that follows from a seed. */
export async function tryBatch(seed: number): Promise<Batch> {
  let outcome = NOTHING;
  const failures: Failure[] = [];
  for (const [at, trial] of trialsOf(seed).entries()) {
    const result = check(trial);
    if (!isFault(result)) outcome = sum(outcome, result);
    else failures.push(failureOf(at, trial, result));
    // A parser that a statement broke is replaced before the next turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { seed, outcome, failures };
}

function failureOf(at: number, trial: Trial, fault: Fault): Failure {
  const smaller = shrunk(trial, fault.law);
  const again = check(smaller);
  return { at, fault: isFault(again) ? again : fault, trial: smaller };
}

export function sum(one: Outcome, other: Outcome): Outcome {
  return {
    documents: one.documents + other.documents,
    compiled: one.compiled + other.compiled,
    calls: one.calls + other.calls,
    agreed: one.agreed + other.agreed,
    texts: one.texts + other.texts,
  };
}
