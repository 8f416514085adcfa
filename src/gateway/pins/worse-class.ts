import { rankOf } from '../../catalogue/classify/act.ts';
import type { RiskClass } from '../../policy/decision.ts';

/** The worse of two classes. */
export function worseClass(one: RiskClass, other: RiskClass): RiskClass {
  return rankOf(one) >= rankOf(other) ? one : other;
}
