import { Broken } from './broken.ts';
import { checkDocuments } from './check-documents.ts';
import { checkText } from './check-text.ts';
import type { Trial } from './trial.ts';

/** What a trial came to, for the figures. */
export interface Outcome {
  readonly documents: number;
  readonly compiled: number;
  readonly calls: number;
  /** Calls of which the naive engine could say something too. */
  readonly agreed: number;
  readonly texts: number;
}

export interface Fault {
  readonly law: string;
  readonly told: string;
}

/** Tries one; a fault says which law it broke. */
export function check(trial: Trial): Outcome | Fault {
  try {
    return trial.kind === 'text' ? checkText(trial) : checkDocuments(trial);
  } catch (error) {
    if (error instanceof Broken) return { law: error.law, told: error.message };
    if (!(error instanceof Error)) return { law: 'never throws', told: String(error) };
    return { law: `never throws, as ${throwerOf(error)} does`, told: error.stack ?? error.message };
  }
}

/** The nearest function of the project, so that two defects are two. */
function throwerOf({ stack = '' }: Error): string {
  return /at (\S+) \(file:.*\/(?:src|test)\//.exec(stack)?.[1] ?? 'something';
}

export function isFault(result: Outcome | Fault): result is Fault {
  return 'law' in result;
}
