import { isObject, type Json, type JsonObject } from '../wire/json.ts';
import { type Calendar, clockFormat } from './calendar.ts';
import { claimCounter } from './claim-counter.ts';
import { compileConditions } from './condition.ts';
import type { RuleRef, Scope } from './decision.ts';
import { checkKeys, type Draft, elementsAt, objectAt, refuse, textAt, wordAt } from './draft.ts';
import type { Place } from './look.ts';
import { type Named, named } from './order.ts';
import type { Limit } from './policy.ts';
import { below } from './problem.ts';
import { pathAt, zoneAt } from './read-place.ts';
import { LIMIT, RATE } from './rule-vocabulary.ts';
import { readWindow, type Window } from './window.ts';
import { EXCESSES, RESETS, SCOPES, WINDOWS } from './words.ts';

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
  checkKeys(draft, object, pointer, LIMIT);
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
  checkKeys(draft, value, pointer, RATE);
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
  const scope: Scope | undefined =
    object['scope'] === undefined ? 'grant' : wordAt(draft, object, pointer, 'scope', SCOPES);
  const amount = placeAt(draft, object, pointer, 'amount');
  const per = placeAt(draft, object, pointer, 'per');
  const when = object['when'] === undefined ? undefined : compileConditions(draft, object, pointer, 'when', 'when');
  const onExceed = wordAt(draft, object, pointer, 'on_exceed', EXCESSES) ?? 'deny';
  const before = draft.problems.length;
  const calendar = calendarAt(draft, object, pointer, window);
  if (draft.problems.length > before) return undefined;
  if (window === undefined || max === undefined || scope === undefined || counter === undefined) return undefined;
  const use = {
    counter,
    windowMs: window.ms,
    scope,
    amount: written(object, 'amount'),
    per: written(object, 'per'),
    reset: calendar === undefined ? 'sliding' : `calendar in ${calendar.zone}`,
    pointer,
  };
  if (!claimCounter(draft, use)) return undefined;
  const keyMiddle = `,${JSON.stringify(counter)},${window.ms},${JSON.stringify(scope)},`;
  return Object.freeze({
    mode: draft.mode,
    rule,
    counter,
    scope,
    window: window.text,
    windowMs: window.ms,
    calendar,
    max,
    amount,
    per,
    when,
    onExceed,
    reason,
    keyMiddle,
  });
}

function written(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === 'string' ? value : undefined;
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

/** A single value of the call; what a stranger says of itself, or the clock, would make counters at will. */
function placeAt(draft: Draft, object: JsonObject, pointer: string, key: 'amount' | 'per'): Place | undefined {
  if (object[key] === undefined) return undefined;
  const path = pathAt(draft, object, pointer, key);
  if (path === undefined) return undefined;
  const place = below(pointer, key);
  if (path.root === 'args' && path.steps.length === 0) {
    return refuse(draft, place, `"${key}" names one value, so write the path of one argument, such as "args.name"`);
  }
  if (path.root === 'args' && path.steps.some((step) => step.kind === 'each')) {
    return refuse(draft, place, `"${key}" names one value, so [*] has no place here`);
  }
  if (path.root === 'args') return { path, zone: undefined, withinMs: 0 };
  if (key === 'amount') return refuse(draft, place, 'must be the path of an argument, such as "args.amount"');
  const isOwn = path.root === 'label' || (path.root === 'fact' && /^(?:tool|grant)\./.test(path.fact));
  if (isOwn) return { path, zone: undefined, withinMs: 0 };
  return refuse(draft, place, 'must be the path of an argument, or one of tool.name, tool.class, grant.…');
}

function calendarAt(
  draft: Draft,
  object: JsonObject,
  pointer: string,
  window: Window | undefined,
): Calendar | undefined {
  const reset = wordAt(draft, object, pointer, 'reset', RESETS);
  const zone = zoneAt(draft, object, pointer);
  if (reset !== 'calendar') {
    if (object['timezone'] === undefined) return undefined;
    return refuse(draft, below(pointer, 'timezone'), '"timezone" goes with "reset": "calendar" only');
  }
  const unit = WINDOWS.find((word) => word === window?.text);
  if (window !== undefined && unit === undefined) {
    const place = below(pointer, 'window');
    return refuse(draft, place, `a calendar window has a name: ${WINDOWS.join(', ')}; or leave "reset" out`);
  }
  if (unit === undefined) return undefined;
  const name = object['timezone'];
  if (zone === undefined || typeof name !== 'string') return { unit, zone: 'UTC', format: undefined };
  return { unit, zone: name, format: clockOf(draft, name) };
}

function clockOf(draft: Draft, zone: string): Intl.DateTimeFormat {
  const key = zone.toLowerCase();
  const format = draft.clocks.get(key) ?? clockFormat(zone);
  draft.clocks.set(key, format);
  return format;
}

function missing(draft: Draft, pointer: string, key: string, example: string): undefined {
  return refuse(draft, pointer, `"${key}" is missing; write one such as "${key}": ${example}`);
}
