import type { RiskClass } from '../../policy/decision.ts';
import type { Evidence } from '../classification.ts';

/** What a piece of a definition was taken to say that the tool does. */
export interface Act {
  readonly class: RiskClass;
  /** As it is in the list of verbs; empty where there was none. */
  readonly verb: string;
  /** The words that it was read with, the nearest noun last. */
  readonly object: readonly string[];
  /** `firm` where the words leave little doubt; `faint` where something clearer that stands elsewhere may say otherwise. */
  readonly weight: 'firm' | 'faint';
  readonly evidence: Evidence;
}

/** From the least to the worst; what is not known could be anything, so it ranks above what is known to be repairable. */
const RANK: readonly RiskClass[] = ['read', 'write', 'unknown', 'execute', 'destructive', 'financial'];

export function rankOf(riskClass: RiskClass): number {
  return RANK.indexOf(riskClass);
}

/** The worst of several; of equals the first. */
export function worstOf(acts: readonly Act[]): Act | undefined {
  let worst: Act | undefined;
  for (const act of acts) if (worst === undefined || rankOf(act.class) > rankOf(worst.class)) worst = act;
  return worst;
}
