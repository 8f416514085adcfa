import { below, quoted, shown } from '../problem.ts';
import { limitsOf, type WrittenLimit } from './check-limits.ts';
import type { Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** Names that say nothing of what is counted. */
const EMPTY_NAMES: ReadonlySet<string> = new Set([
  ...['call', 'calls', 'count', 'counter', 'default', 'limit', 'limits', 'rate', 'rate_limit', 'ratelimit', 'request'],
  ...['requests', 'test', 'tool', 'tools', 'usage', 'use', 'uses', 'x'],
]);

/** Warns of entries that share a counter by its name and do not look as if they meant to. */
export function checkCounters({ sets }: Subject): readonly Warning[] {
  const named = Map.groupBy(sets.flatMap(limitsOf), ({ limit }) => `${limit.mode} ${limit.counter}`);
  return [...named.values()].flatMap((limits) => {
    const [first] = limits;
    const entries = new Set(limits.map(({ set }) => set.pointer));
    if (first === undefined || entries.size < 2) return [];
    const why = whyByAccident(limits);
    const last = limits.findLast(({ set }) => set.pointer !== first.set.pointer);
    if (why === undefined || last === undefined) return [];
    const pointer = last.source['counter'] === undefined ? last.pointer : below(last.pointer, 'counter');
    const message = `shares the counter ${quoted(first.limit.counter)} with ${shown(first.pointer)}, ${why}; give it a name of its own, unless both are to be counted together`;
    return [{ pointer, code: 'shared-counter', message }];
  });
}

function whyByAccident(limits: readonly WrittenLimit[]): string | undefined {
  const [first] = limits;
  if (first === undefined) return undefined;
  const short = limits.find(({ source }) => source['counter'] === undefined);
  if (short !== undefined) return `which is the name that "rate_limit" of ${quoted(short.set.subject)} makes up`;
  if (EMPTY_NAMES.has(first.limit.counter.toLowerCase())) return 'a name that does not say what is counted';
  const owner = limits.find(({ set, limit }) => limit.counter === `${set.subject}_rate`);
  if (owner !== undefined) return `which is named for ${quoted(owner.set.subject)}`;
  const odd = limits.find(({ limit, source }) => source['when'] === undefined && limit.max !== first.limit.max);
  if (odd === undefined || limits.some(({ set }) => set.kind === 'all_tools')) return undefined;
  return `whose max is ${first.limit.max} there and ${odd.limit.max} here`;
}
