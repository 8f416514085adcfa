import { isObject, type Json, type JsonObject } from '../../wire/json.ts';
import { canonicalJson } from '../../wire/write-json.ts';
import type { Scope } from '../decision.ts';
import type { Limit } from '../policy.ts';
import { below, quoted, shown } from '../problem.ts';
import { elementsOf } from './clause.ts';
import type { RuleSet, Subject } from './rule-set.ts';
import type { Warning } from './warning.ts';

/** A limit with the text it was read from. */
export interface WrittenLimit {
  readonly set: RuleSet;
  readonly limit: Limit;
  readonly source: JsonObject;
  readonly pointer: string;
}

/** Whose calls a scope counts together: a wider one holds all that a narrower one does. */
const WIDTH: { readonly [scope in Scope]: number } = { session: 0, grant: 1, owner: 2, server: 3, global: 4 };
/** More calls than this in a second cannot be made. */
const FASTEST = 100_000;
const HOUR = 3_600_000;

export function limitsOf(set: RuleSet): readonly WrittenLimit[] {
  const rate = set.source['rate_limit'];
  const written = [
    ...elementsOf(set.source, set.pointer, 'limits'),
    ...(isObject(rate) ? [{ source: rate, pointer: below(set.pointer, 'rate_limit') }] : []),
  ];
  return written.flatMap(({ source, pointer }) => {
    const limit = set.rules.limits.find(({ rule }) => rule.pointer === pointer);
    return limit === undefined ? [] : [{ set, limit, source, pointer }];
  });
}

/** Warns of limits that can never be reached, of those that count a part of a call, and of those of a session. */
export function checkLimits(subject: Subject): readonly Warning[] {
  const everywhere = subject.sets.filter(({ kind }) => kind === 'all_tools').flatMap(limitsOf);
  const uses = usesOf(subject);
  return subject.sets.flatMap((set) => {
    const own = limitsOf(set);
    const isOfTools = set.kind === 'tool' || set.kind === 'class';
    const beside = isOfTools ? [...everywhere, ...own] : own;
    return own.flatMap((one) => [...ofMax(one), ...ofOther(one, beside, uses), ...ofSession(one, beside)]);
  });
}

function usesOf({ sets }: Subject): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { limit } of sets.flatMap(limitsOf)) uses.set(limit.counter, (uses.get(limit.counter) ?? 0) + 1);
  return uses;
}

function ofMax({ limit, pointer }: WrittenLimit): readonly Warning[] {
  const { max, windowMs, amount, window } = limit;
  const place = below(pointer, 'max');
  if (amount !== undefined) return [];
  if (!Number.isInteger(max)) {
    const message = `calls are whole, so ${max} means ${Math.floor(max)}; write a whole number`;
    return [{ pointer: place, code: 'fractional-max', message }];
  }
  if (limit.per !== undefined || max <= (FASTEST * windowMs) / 1000) return [];
  const message = `no more than ${max} calls in ${quoted(window)} can be made at all; write a smaller max, or remove the limit`;
  return [{ pointer: place, code: 'limit-never-bites', message }];
}

function ofOther(
  one: WrittenLimit,
  others: readonly WrittenLimit[],
  uses: ReadonlyMap<string, number>,
): readonly Warning[] {
  // These refuse calls without such an argument, whatever max is.
  if (one.limit.per !== undefined || one.limit.amount !== undefined) return [];
  const stricter = others.find((other) => other !== one && isMoot(one, other, others, uses));
  if (stricter === undefined) return [];
  const { max, window, counter } = stricter.limit;
  const by = `${max} in ${quoted(window)} of ${quoted(counter)} (${shown(stricter.pointer)})`;
  const message = `can never be reached: ${by} is stricter; remove one of the two, or lower this max`;
  return [{ pointer: one.pointer, code: 'limit-never-bites', message }];
}

/** Whether whatever passes the other limit keeps this one, by the guarantee of sliding windows. */
function isMoot(
  { limit: one, source, pointer }: WrittenLimit,
  { limit: other, source: otherSource, pointer: otherPointer }: WrittenLimit,
  all: readonly WrittenLimit[],
  uses: ReadonlyMap<string, number>,
): boolean {
  if (other.mode !== one.mode || other.onExceed !== 'deny' || other.calendar !== undefined) return false;
  if (written(source, 'amount') !== written(otherSource, 'amount')) return false;
  if (WIDTH[other.scope] < WIDTH[one.scope]) return false;
  for (const key of ['when', 'per'] as const) {
    if (otherSource[key] !== undefined && written(source, key) !== written(otherSource, key)) return false;
  }
  const isSame = one.counter === other.counter;
  // What other entries, or other grants under other policies, add to a counter is not bound by this one.
  const isShared = (uses.get(one.counter) ?? 0) > 1 || WIDTH[one.scope] > WIDTH.grant;
  if (!isSame && isShared) return false;
  const most = Math.ceil(longest(one) / other.windowMs) * wholeMax(other);
  if (most !== wholeMax(one)) return most < wholeMax(one);
  if (one.windowMs !== other.windowMs) return true;
  return all.findIndex((limit) => limit.pointer === otherPointer) < all.findIndex((limit) => limit.pointer === pointer);
}

/** Days that summer time ends are an hour longer. */
function longest({ windowMs, calendar }: Limit): number {
  return calendar === undefined || windowMs < 24 * HOUR ? windowMs : windowMs + HOUR;
}

function wholeMax({ max, amount }: Limit): number {
  return amount === undefined ? Math.floor(max) : max;
}

function written(source: JsonObject, key: string): string | undefined {
  const value: Json | undefined = source[key];
  return value === undefined ? undefined : canonicalJson(value);
}

/** Beside a limit of the grant that counts the same, one of the session only smooths. */
function ofSession({ limit, pointer, source }: WrittenLimit, beside: readonly WrittenLimit[]): readonly Warning[] {
  if (limit.scope !== 'session') return [];
  const holds = beside.some(
    (other) =>
      WIDTH[other.limit.scope] > WIDTH.session &&
      other.limit.mode === limit.mode &&
      written(other.source, 'amount') === written(source, 'amount') &&
      (other.source['when'] === undefined || written(other.source, 'when') === written(source, 'when')),
  );
  if (holds) return [];
  const message = 'an agent begins a new session at will, and this counter with it; write "scope": "grant"';
  return [{ pointer: below(pointer, 'scope'), code: 'session-under-security', message }];
}
