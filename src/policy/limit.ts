import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import type { RuleRef, Scope } from './decision.ts';
import { checkKeys, type Draft, elementsAt, type Keys, objectAt, refuse, textAt, wordAt } from './draft.ts';
import { type Named, named } from './order.ts';
import type { Limit } from './policy.ts';
import { below, quoted } from './problem.ts';
import { readWindow, type Window } from './window.ts';

const KEYS: Keys = {
  known: ['counter', 'window', 'max', 'scope', 'id', 'reason'],
  later: ['amount', 'per', 'when', 'reset', 'on_exceed', 'timezone'],
};
const RATE_KEYS: Keys = { known: ['max', 'window', 'scope'], later: [] };
const SCOPES: readonly Scope[] = ['grant', 'session', 'server', 'global'];
const SCOPES_LATER: readonly string[] = ['owner'];
const MAX_COUNTER = 256;

/** Compiles `limits` and the `rate_limit` shorthand; `subject` names the shorthand's counter, `reason` stands in for theirs. */
export function compileLimits(
  draft: Draft,
  rules: JsonObject,
  pointer: string,
  subject: string,
  reason: string | undefined,
): readonly Named<Limit>[] {
  const limits: Named<Limit>[] = [];
  for (const { value, pointer: place } of elementsAt(draft, rules, pointer, 'limits')) {
    const limit = compileLimit(draft, value, place, reason);
    if (limit !== undefined) limits.push(named(limit, value));
  }
  const rate = rules['rate_limit'];
  if (rate !== undefined) {
    const limit = compileRate(draft, rate, below(pointer, 'rate_limit'), `${subject}_rate`, reason);
    if (limit !== undefined) limits.push(named(limit, rate));
  }
  return limits;
}

function compileLimit(draft: Draft, value: Json, pointer: string, reason: string | undefined): Limit | undefined {
  const object = objectAt(draft, value, pointer, ' such as {"counter": "sends", "window": "hour", "max": 10}');
  if (object === undefined) return undefined;
  checkKeys(draft, object, pointer, KEYS);
  const id = textAt(draft, object, pointer, 'id');
  const own = textAt(draft, object, pointer, 'reason');
  const counter =
    object['counter'] === undefined
      ? missing(draft, pointer, 'counter', '"sends"')
      : textAt(draft, object, pointer, 'counter');
  if (counter !== undefined && counter.length > MAX_COUNTER) {
    return refuse(draft, below(pointer, 'counter'), `must have at most ${MAX_COUNTER} characters`);
  }
  const rule: RuleRef = Object.freeze({ document: draft.document, pointer, id });
  return finish(draft, object, pointer, rule, counter, own ?? reason);
}

function compileRate(
  draft: Draft,
  value: Json,
  pointer: string,
  counter: string,
  reason: string | undefined,
): Limit | undefined {
  if (!isObject(value)) return refuse(draft, pointer, 'must be an object such as {"max": 10, "window": 60}');
  checkKeys(draft, value, pointer, RATE_KEYS);
  const rule: RuleRef = Object.freeze({ document: draft.document, pointer, id: undefined });
  return finish(draft, value, pointer, rule, counter, reason);
}

function finish(
  draft: Draft,
  object: JsonObject,
  pointer: string,
  rule: RuleRef,
  counter: string | undefined,
  reason: string | undefined,
): Limit | undefined {
  const window = windowAt(draft, object, pointer);
  const max = maxAt(draft, object, pointer);
  const scope = object['scope'] === undefined ? 'grant' : wordAt(draft, object, pointer, 'scope', SCOPES, SCOPES_LATER);
  if (window === undefined || max === undefined || scope === undefined || counter === undefined) return undefined;
  if (!claimCounter(draft, counter, window, scope, pointer)) return undefined;
  const keyMiddle = `,${JSON.stringify(counter)},${window.ms},${JSON.stringify(scope)},`;
  return Object.freeze({ rule, counter, scope, window: window.text, windowMs: window.ms, max, reason, keyMiddle });
}

function windowAt(draft: Draft, object: JsonObject, pointer: string): Window | undefined {
  const value = object['window'];
  if (value === undefined) return missing(draft, pointer, 'window', '"minute"');
  const window = readWindow(value);
  return typeof window === 'string' ? refuse(draft, below(pointer, 'window'), window) : window;
}

function maxAt(draft: Draft, object: JsonObject, pointer: string): number | undefined {
  const value = object['max'];
  if (value === undefined) return missing(draft, pointer, 'max', '10');
  if (typeof value === 'number' && value >= 0) return value;
  return refuse(draft, below(pointer, 'max'), 'must be a number that is not negative');
}

function missing(draft: Draft, pointer: string, key: string, example: string): undefined {
  return refuse(draft, pointer, `"${key}" is missing; write one such as "${key}": ${example}`);
}

/** INVARIANT: within a document a counter's name has one window and one scope. */
function claimCounter(draft: Draft, counter: string, window: Window, scope: Scope, pointer: string): boolean {
  const before = draft.counters.get(counter);
  if (before === undefined) {
    draft.counters.set(counter, { windowMs: window.ms, scope, pointer });
    return true;
  }
  if (before.windowMs === window.ms && before.scope === scope) return true;
  const what = before.windowMs === window.ms ? 'scope' : 'window';
  refuse(
    draft,
    pointer,
    `the counter ${quoted(counter)} has another ${what} at ${before.pointer}; give one of them another name, or both one ${what}`,
  );
  return false;
}
