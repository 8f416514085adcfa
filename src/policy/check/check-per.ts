import { below } from '../problem.ts';
import { limitsOf, type WrittenLimit } from './check-limits.ts';
import { isValidated, requiredBeside, type Sisters, sistersOf, TYPED } from './check-spelling.ts';
import type { Clause } from './clause.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Operators that no value but a text satisfies. */
const OF_TEXTS: readonly string[] = ['url_host_in', 'url_scheme_in', 'path_within', 'ip_in', 'email_domain_in'];

/** Warns of limits that count apart by an argument of which the agent can choose the spelling, and so the counter. */
export function checkPer(subject: Subject, clauses: readonly Clause[]): readonly Warning[] {
  const sisters = sistersOf(clauses);
  return subject.sets.flatMap((set) => {
    // The URI of a resource is always a text.
    if (set.kind === 'resource' || isValidated(subject, set)) return [];
    const typed = typedPaths(sisters, set);
    return limitsOf(set).flatMap((one) => ofPer(typed, one));
  });
}

function ofPer(typed: ReadonlySet<string>, { set, limit, source, pointer }: WrittenLimit): readonly Warning[] {
  const path = limit.per?.path;
  if (path?.root !== 'args' || typed.has(JSON.stringify(path))) return [];
  const type = `a condition {"path": ${JSON.stringify(source['per'])}, "op": "type", …}`;
  const remedy = set.kind === 'prompt' ? type : `"validate": "schema", or ${type}`;
  const message = `counts 5, "5" and " 5", or "Alice" and "alice", apart, so the agent gets a new counter by spelling the value otherwise; add ${remedy}`;
  return [{ pointer: below(pointer, 'per'), code: 'per-spelled', message }];
}

/** Paths of which a requirement beside the limits settles the type. */
function typedPaths(sisters: Sisters, set: RuleSet): ReadonlySet<string> {
  const settling = requiredBeside(sisters, { set }).filter(
    ({ op, isNegated }) => !isNegated && (TYPED.includes(op) || OF_TEXTS.includes(op)),
  );
  return new Set(settling.map(({ place }) => JSON.stringify(place.path)));
}
