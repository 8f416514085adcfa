import { below } from '../problem.ts';
import { limitsOf, type WrittenLimit } from './check-limits.ts';
import { isValidated, requiredBeside, type Sisters, sistersOf, TYPED } from './check-spelling.ts';
import type { Clause } from './clause.ts';
import type { Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Operators that no value but a text satisfies. */
const OF_TEXTS: readonly string[] = ['url_host_in', 'url_scheme_in', 'path_within', 'ip_in', 'email_domain_in'];

/** Warns of limits that count apart by an argument of which the agent can choose the spelling, and so the counter. */
export function checkPer(subject: Subject, clauses: readonly Clause[]): readonly Warning[] {
  const sisters = sistersOf(clauses);
  return subject.sets.flatMap((set) => {
    // The URI of a resource is always a text.
    if (set.kind === 'resource' || isValidated(subject, set)) return [];
    return limitsOf(set).flatMap((one) => ofPer(sisters, one));
  });
}

function ofPer(sisters: Sisters, { set, limit: { per }, source, pointer }: WrittenLimit): readonly Warning[] {
  if (per?.path.root !== 'args' || isTyped(sisters, set, JSON.stringify(per.path))) return [];
  const remedy = `a condition {"path": ${JSON.stringify(source['per'])}, "op": "type", …}`;
  const message = `counts 5, "5" and " 5", or "Alice" and "alice", apart, so the agent gets a new counter by spelling the value otherwise; add ${set.kind === 'prompt' ? remedy : `"validate": "schema", or ${remedy}`}`;
  return [{ pointer: below(pointer, 'per'), code: 'per-spelled', message }];
}

/** Whether a requirement beside the limit settles the type of what stands at the path. */
function isTyped(sisters: Sisters, set: Clause['set'], path: string): boolean {
  return requiredBeside(sisters, { set }).some(
    ({ place, op, isNegated }) =>
      !isNegated && (TYPED.includes(op) || OF_TEXTS.includes(op)) && JSON.stringify(place.path) === path,
  );
}
