import type { Started } from '../test/kit/started.ts';
import { benchCompiling, type CompileFigures } from './policy-compiling.ts';
import { benchDecisions, type DecisionFigures } from './policy-decisions.ts';
import { benchGrowth, type GrowthFigures } from './policy-growth.ts';

interface PolicyFigures {
  readonly decisions: Omit<DecisionFigures, 'text'>;
  readonly growth: Omit<GrowthFigures, 'text'>;
  readonly compiling: Omit<CompileFigures, 'text'>;
  readonly texts: readonly string[];
}

/** A round asks every engine a thousand questions, which is quick: ten of them for one of the others. */
const ROUNDS_OF_DECISIONS = 10;

/** What a decision costs beside other engines, on the worst calls, and what compiling costs. */
export async function benchPolicies(kit: Started, rounds: number): Promise<PolicyFigures> {
  const { text: first, ...decisions } = benchDecisions(rounds * ROUNDS_OF_DECISIONS);
  const { text: second, ...growth } = benchGrowth(rounds);
  const { text: third, ...compiling } = await benchCompiling(kit, rounds);
  return { decisions, growth, compiling, texts: [first, second, third] };
}
