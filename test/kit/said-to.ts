import type { RecommendedPolicy } from '../../src/catalogue/recommend-policy.ts';
import { definitionOf } from '../../src/gateway/definitions.ts';
import { compilePolicy } from '../../src/policy/compile.ts';
import { memoryCounters } from '../../src/policy/count/memory-counters.ts';
import type { Subject } from '../../src/policy/decision.ts';
import type { SqlParsers } from '../../src/policy/sql/parsers.ts';
import { sayTo } from '../../src/settings/cases/say-to.ts';
import { type Json, objectOf } from '../../src/wire/json.ts';

type Args = { readonly [name: string]: Json };

const SUBJECT: Subject = {
  grant: { name: 'laptop', owner: 'alice', labels: {} },
  server: 'shop',
  session: 's-1',
  client: { name: undefined, version: undefined },
};

/** What the gateway says under a recommended policy to a call, after so many like it: the effect, and of one that does not pass the rule. */
export function saidTo(
  { policy: document, tools }: RecommendedPolicy,
  parsers: SqlParsers,
): (tool: string, args?: Args, earlier?: number) => string {
  const compiled = compilePolicy(document, 'policy', parsers);
  if (compiled.kind === 'problems') throw new Error(compiled.problems.map(({ message }) => message).join('; '));
  const policies = { policy: compiled.policy, baseline: undefined };
  const listed = new Map(tools.map(({ name, tool }) => [name, definitionOf(tool)]));
  return (name, args = {}, earlier = 0) => {
    const counters = memoryCounters();
    const call = {
      kind: 'tool',
      method: 'tools/call',
      name,
      args: objectOf(Object.entries(args)),
      params: objectOf([]),
    } as const;
    // A recommended policy speaks of names, whatever class the configuration gives them.
    const step = { read: { kind: 'call', call }, subject: SUBJECT, class: 'unknown', at: 0 } as const;
    for (let time = 0; time < earlier; time++) sayTo(counters, policies, listed, step);
    const { effect, rule } = sayTo(counters, policies, listed, step);
    return effect === 'allow' ? effect : `${effect} ${rule}`;
  };
}
