import type { Severity } from '../catalogue/classification.ts';
import type { Finding } from '../catalogue/findings/finding.ts';
import type { RecommendedTool } from '../catalogue/recommend-policy.ts';
import { isArray, isObject, type JsonObject } from '../wire/json.ts';

/** What an entry makes of a tool, in a word or two. */
export function inAWord({ recommendation }: RecommendedTool): string {
  if (recommendation === undefined) return 'refuse';
  const { rules } = recommendation;
  const lists = [rules['require'], rules['deny_if'], rules['approve_if']];
  const isMore = lists.some((list) => isArray(list) && list.length > 0);
  return `${plainWord(rules)}${isMore ? ', with rules' : ''}`;
}

function plainWord(rules: JsonObject): string {
  switch (rules['action']) {
    case 'hide':
      return 'hide';
    case 'deny':
      return 'refuse';
    case 'require_approval':
      return 'ask a person';
    default: {
      const [limit] = isArray(rules['limits']) ? rules['limits'] : [];
      return isObject(limit) ? `${limit['max']} a ${limit['window']}` : 'allow';
    }
  }
}

/** The kinds of a tool's signals, each once. */
export function signalsOf({ classification }: RecommendedTool): readonly string[] {
  return [...new Set(classification.signals.map(({ kind }) => kind))];
}

/** How bad a severity is in the eyes of those who take SARIF. */
export const LEVELS: { readonly [severity in Severity]: 'note' | 'warning' | 'error' } = {
  low: 'note',
  medium: 'warning',
  high: 'error',
  critical: 'error',
};

/** How bad it is what a definition hides: what no ordinary server does, and words that can be meant well. */
export const FINDING_SEVERITIES: { readonly [weight in Finding['weight']]: Severity } = {
  holds: 'critical',
  tells: 'medium',
};
