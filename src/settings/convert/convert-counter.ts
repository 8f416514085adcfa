import { below, quoted } from '../../policy/problem.ts';
import { type Json, type JsonObject, objectOf } from '../../wire/json.ts';
import { type Conversion, note, refuse } from './conversion.ts';
import { pathOf } from './convert-condition.ts';
import type { InterceptCondition } from './read-condition.ts';
import type { InterceptCounter } from './read-counter.ts';
import type { InterceptRule } from './read-rule.ts';

/**
 * The limit that a rule's `state` and its conditions on it stand for. Intercept reads a counter as it stands before the call,
 * and then again with the call added, by the rule's own `lt` or `lte`; the second is the stricter, and is what a limit says.
 */
export function limitOf(
  conversion: Conversion,
  rule: InterceptRule,
  conditions: readonly InterceptCondition[],
  scope: string,
): JsonObject | undefined {
  const { counter } = rule;
  const own = counter === undefined ? undefined : `state.${scope}.${counter.name}`;
  const [bound, ...others] = conditions.filter(({ path, op }) => path === own && (op === 'lt' || op === 'lte'));
  for (const condition of conditions) if (condition !== bound) refuseReading(conversion, condition, own, others);
  if (counter === undefined) return undefined;
  if (bound === undefined) {
    const example = `{path: ${own}, op: lte, value: 10}`;
    const why = 'no lt or lte condition of its rule names this counter, so Intercept never counts by it';
    return refuse(conversion, counter.pointer, `${why}; add one such as ${example}, or leave "state" out`);
  }
  const max = maxOf(conversion, bound, counter);
  const name = claim(conversion, `${scope}.${counter.name}`, counter.pointer);
  if (max === undefined || name === undefined) return undefined;
  note(conversion, 'scope', counter.pointer);
  note(conversion, 'errors', counter.pointer);
  if (counter.from !== undefined) note(conversion, 'amount', counter.pointer);
  if (counter.hasUnused) note(conversion, 'unused', below(counter.pointer, 'increment'));
  return objectOf([
    ['id', rule.name],
    ['counter', name],
    ['window', counter.window],
    ['reset', 'calendar'],
    ['max', max],
    ...(counter.from === undefined
      ? []
      : [['amount', pathOf(counter.from)] as const satisfies readonly [string, Json]]),
    ['scope', 'global'],
    ['reason', rule.onDeny ?? `Rate limit exceeded for ${rule.name}`],
  ]);
}

function refuseReading(
  conversion: Conversion,
  { pointer, path, op }: InterceptCondition,
  own: string | undefined,
  others: readonly InterceptCondition[],
): void {
  if (path !== own) {
    const remedy = 'name the counter of the rule\'s own "state", in a limit';
    refuse(
      conversion,
      below(pointer, 'path'),
      `reading ${quoted(path)} without counting by it has no equal; ${remedy}`,
    );
    return;
  }
  if (others.some((other) => other.pointer === pointer)) {
    refuse(conversion, pointer, 'Intercept counts by the first lt or lte of a rule only; leave one of them');
    return;
  }
  refuse(conversion, below(pointer, 'op'), `${op} on a counter has no equal; only lt and lte make a limit`);
}

/** Intercept cuts the fraction off the limit, and adds whole numbers only. */
function maxOf(
  conversion: Conversion,
  { op, value, pointer }: InterceptCondition,
  { increment }: InterceptCounter,
): number | undefined {
  if (typeof value !== 'number') return undefined;
  const whole = Math.trunc(value) - (op === 'lt' ? 1 : 0);
  const place = below(pointer, 'value');
  if (whole < 0) return refuse(conversion, place, 'no call can keep this limit; write "action": "deny" instead');
  if (!Number.isInteger(value)) note(conversion, 'fraction', place);
  if (increment === undefined || increment === 1) return whole;
  note(conversion, 'increment', place);
  return Math.floor(whole / increment);
}

/** Counters that are different things to the author must not become one. */
function claim(conversion: Conversion, name: string, pointer: string): string | undefined {
  const before = conversion.counters.get(name);
  if (before !== undefined) {
    return refuse(conversion, pointer, `the counter ${quoted(name)} stands at ${before} already; give it another name`);
  }
  conversion.counters.set(name, pointer);
  return name;
}
