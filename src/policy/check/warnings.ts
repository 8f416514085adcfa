import type { Json } from '../../wire/json.ts';
import type { Policy } from '../policy.ts';
import { checkAllowed } from './check-allowed.ts';
import { checkArguments } from './check-arguments.ts';
import { checkCounters } from './check-counters.ts';
import { checkLetters } from './check-letters.ts';
import { checkLimits } from './check-limits.ts';
import { checkMatching } from './check-matching.ts';
import { checkNames } from './check-names.ts';
import { checkOpen } from './check-open.ts';
import { checkPer } from './check-per.ts';
import { checkRules } from './check-rules.ts';
import { checkSessions } from './check-sessions.ts';
import { checkSpelling } from './check-spelling.ts';
import { checkTogether } from './check-together.ts';
import { clausesOf } from './clause.ts';
import { subjectOf } from './rule-set.ts';
import type { KnownTool, Warning } from './warning.ts';

export type { KnownTool, Warning } from './warning.ts';

/**
 * What a valid document says that its author can hardly mean. `policy` is the document compiled. Without `tools` nothing is
 * said that needs them.
 */
export function warningsOf(
  document: Json,
  policy: Policy,
  tools: readonly KnownTool[] | undefined,
): readonly Warning[] {
  const subject = subjectOf(document, policy, tools);
  const clauses = clausesOf(subject);
  return [
    ...checkAllowed(subject),
    ...checkNames(subject, clauses),
    ...checkMatching(clauses),
    ...checkTogether(clauses),
    ...checkArguments(subject, clauses),
    ...checkLimits(subject),
    ...checkSessions(clauses),
    ...checkCounters(subject),
    ...checkPer(subject, clauses),
    ...checkLetters(clauses),
    ...checkSpelling(subject, clauses),
    ...checkRules(subject),
    ...checkOpen(subject),
  ];
}
