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
    const why = whyByName(limits);
    const last = limits.findLast(({ set }) => set.pointer !== first.set.pointer);
    const pair = why === undefined ? oddPair(limits) : last && { here: last, there: first, why };
    if (pair === undefined) return [];
    const { here, there } = pair;
    const pointer = here.source['counter'] === undefined ? here.pointer : below(here.pointer, 'counter');
    const message = `shares the counter ${quoted(first.limit.counter)} with ${shown(there.pointer)}, ${pair.why}; give it a name of its own, unless both are to be counted together`;
    return [{ pointer, code: 'shared-counter', message }];
  });
}

function whyByName(limits: readonly WrittenLimit[]): string | undefined {
  const [first] = limits;
  if (first === undefined) return undefined;
  const short = limits.find(({ source }) => source['counter'] === undefined);
  if (short !== undefined) return `which is the name that "rate_limit" of ${quoted(short.set.subject)} makes up`;
  if (EMPTY_NAMES.has(first.limit.counter.toLowerCase())) return 'a name that does not say what is counted';
  const owner = limits.find(({ set, limit }) => limit.counter === `${set.subject}_rate`);
  return owner && `which is named for ${quoted(owner.set.subject)}`;
}

interface Pair {
  readonly here: WrittenLimit;
  readonly there: WrittenLimit;
  readonly why: string;
}

/** A limit of another entry than the first one's, with a max that stands nowhere in that. */
function oddPair(limits: readonly WrittenLimit[]): Pair | undefined {
  if (limits.some(({ set }) => set.kind === 'all_tools')) return undefined;
  const plain = limits.filter(({ source }) => source['when'] === undefined);
  const [there] = plain;
  if (there === undefined) return undefined;
  const isOfFirst = ({ set }: WrittenLimit): boolean => set.pointer === there.set.pointer;
  const known = new Set(plain.filter(isOfFirst).map(({ limit }) => limit.max));
  const here = plain.find((one) => !isOfFirst(one) && !known.has(one.limit.max));
  return here && { here, there, why: `whose max is ${there.limit.max} there and ${here.limit.max} here` };
}
