import type { Refusal } from '../gateway/refusal.ts';
import { type Comparison, causesOf, missingFor } from '../policy/culprits.ts';
import type { Effect } from '../policy/decision.ts';
import type { Explanation, RuleTrace } from '../policy/explain.ts';
import { comparisonText, ruleName } from './explain-words.ts';

export function turningTitle(effect: Effect): string {
  switch (effect) {
    case 'allow':
      return 'It would not pass if any of this were otherwise:';
    case 'require_approval':
      return 'To pass unasked, all of this would have to change:';
    case 'deny':
      return 'To pass, all of this would have to change:';
  }
}

/** What would have changed the answer. `refusal`: what the counters say of it, with nothing counted yet. */
export function turningLines(explained: Explanation, refusal: Refusal | undefined): readonly string[] {
  const { decision, rules, limits } = explained;
  const effect = refusal?.decision ?? decision.effect;
  const enforced = rules.filter(({ mode }) => mode === 'enforce');
  if (effect === 'allow') return enforced.flatMap(safetyLine);
  const biting = enforced.filter(({ says }) => says === 'refuses' || (says === 'asks' && effect !== 'deny'));
  const uncounted = limits.flatMap((limit) =>
    limit.kind === 'refuses' && limit.mode === 'enforce' ? [`  ${ruleName(limit.rule)}: ${limit.note}`] : [],
  );
  const exceeded =
    refusal === undefined || refusal.rule === decision.rule.pointer ? [] : [`  ${refusal.rule}: ${refusal.reason}`];
  return [...hidingLines(explained), ...biting.map(remedyLine), ...uncounted, ...exceeded, ...fixedLine(explained)];
}

function hidingLines({ speakers }: Explanation): readonly string[] {
  return speakers.flatMap(({ document, hiddenBy, mode }) =>
    hiddenBy === undefined || mode === 'shadow'
      ? []
      : [`  "hide" of the ${document} names ${JSON.stringify(hiddenBy)}`],
  );
}

/** What is refused by no rule of a document has no rule to be changed. */
function fixedLine({ decision, rules }: Explanation): readonly string[] {
  if (decision.rule.pointer !== '(arguments)' || rules.some(({ says }) => says === 'refuses')) return [];
  return ['  the URI, which can be read as another: write it as URL parsers do'];
}

function remedyLine({ rule, stage, trace, note }: RuleTrace): string {
  const name = ruleName(rule);
  if (stage === 'default') return `  ${name}: an entry would have to speak for it, or "default" be "allow"`;
  if (trace === undefined) return `  ${name}: ${note ?? 'it refuses whatever the call'}`;
  if (stage === 'require') return `  ${name}: it would need ${listOf(missingFor(trace))}`;
  const causes = causesOf(trace);
  return causes.length === 0
    ? `  ${name}: it holds for every call`
    : `  ${name}: it holds because of ${listOf(causes)}`;
}

function safetyLine({ rule, stage, trace }: RuleTrace): readonly string[] {
  if (trace === undefined) return [];
  const name = ruleName(rule);
  if (stage === 'require') return [`  ${name}: it is met by ${listOf(causesOf(trace))}`];
  return [`  ${name}: it would match with ${listOf(missingFor(trace))}`];
}

function listOf(comparisons: readonly Comparison[]): string {
  return comparisons.map(comparisonText).join(' and ') || 'nothing';
}
