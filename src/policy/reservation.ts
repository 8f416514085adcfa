import type { Json } from '../wire/json.ts';
import { periodAt } from './calendar.ts';
import type { Reservation, Subject } from './decision.ts';
import { valueAt } from './find.ts';
import { factOf, labelOf, type Place } from './look.ts';
import type { Limit, Refusal } from './policy.ts';
import { quoted } from './problem.ts';
import { refusal } from './refusal.ts';
import { impossibleRefusal, isImpossible } from './rules.ts';
import type { Scene } from './scene.ts';
import { isScalar } from './spelling.ts';
import type { Sides } from './standing.ts';
import { FALSE } from './truth.ts';

export type Reserved =
  | { readonly kind: 'reserved'; readonly reservations: readonly Reservation[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const NOTHING: Reserved = Object.freeze({ kind: 'reserved', reservations: Object.freeze([]) });
/** Longer texts do not tell counters apart. UTF-16 units. */
const MAX_PER = 1_024;

/** What a call adds to which counters, or the first limit that cannot count it. */
export function reservationsOf({ baseline, policy }: Sides, scene: Scene): Reserved {
  const made: Reservation[] = [];
  const refused =
    (baseline && (addAll(baseline.entry.limits, scene, made) ?? addAll(baseline.all.limits, scene, made))) ??
    addAll(policy.entry.limits, scene, made) ??
    addAll(policy.all.limits, scene, made);
  if (refused !== undefined) return { kind: 'refused', refusal: refused };
  return made.length === 0 ? NOTHING : { kind: 'reserved', reservations: Object.freeze(made) };
}

function addAll(limits: readonly Limit[], scene: Scene, made: Reservation[]): Refusal | undefined {
  for (const limit of limits) {
    const one = reservationFor(limit, scene);
    if (one.kind === 'refused') return one.refusal;
    if (one.kind === 'reservation') made.push(one.reservation);
  }
  return undefined;
}

/** What one limit makes of a call: something to reserve, a refusal, or nothing where the call is none of its own. */
export type Counted =
  | { readonly kind: 'reservation'; readonly reservation: Reservation }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'none' };

const NONE: Counted = Object.freeze({ kind: 'none' });

export function reservationFor(limit: Limit, scene: Scene): Counted {
  if (limit.when !== undefined && limit.when.test(scene) === FALSE) return NONE;
  if (isImpossible(limit)) return { kind: 'refused', refusal: impossibleRefusal(limit) };
  const reservation = reservationOf(limit, scene);
  if (typeof reservation === 'string') return { kind: 'refused', refusal: uncountable(limit, reservation) };
  return { kind: 'reservation', reservation };
}

/** What all counters of a limit have in common for a subject, whatever the arguments, and the period of the call. */
export function familyAt(
  limit: Limit,
  subject: Subject,
  at: number,
): Pick<Reservation, 'key' | 'windowMs' | 'period'> | undefined {
  const period = limit.calendar && periodAt(limit.calendar, at);
  if (limit.calendar !== undefined && period === undefined) return undefined;
  return { key: `${keyStart(limit, subject)}${keyEnd(limit)}`, windowMs: limit.windowMs, period };
}

function keyEnd({ mode }: Limit): string {
  return mode === 'shadow' ? SHADOW_KEY : ']';
}

/** A text says why the limit cannot count the call. */
function reservationOf(limit: Limit, scene: Scene): Reservation | string {
  const { counter, scope, windowMs, max, window, rule, reason, onExceed, amount, calendar } = limit;
  const add = amount === undefined ? 1 : amountAt(amount, scene);
  if (typeof add === 'string') return add;
  const period = calendar && periodAt(calendar, scene.facts.at);
  if (calendar !== undefined && period === undefined) return 'the time of the call has no place in a calendar';
  const per = limit.per && perAt(limit.per, scene);
  if (per?.kind === 'fault') return per.reason;
  const start = keyStart(limit, scene.subject);
  const end = keyEnd(limit);
  const key = per === undefined ? `${start}${end}` : `${start},{"per":${per.text}}${end}`;
  const family = per === undefined ? undefined : `${start}${end}`;
  const unit = amount === undefined ? 'calls' : 'amount';
  // A literal, not a spread: this is done for every limit of every call.
  return Object.freeze({
    key,
    family,
    counter,
    scope,
    windowMs,
    period,
    max,
    add,
    unit,
    onExceed,
    window,
    rule,
    reason,
  });
}

function amountAt(place: Place, scene: Scene): number | string {
  const value = singleAt(place, scene);
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  return 'its amount is not a number that is not negative';
}

type PerValue = { readonly kind: 'value'; readonly text: string } | { readonly kind: 'fault'; readonly reason: string };

function perAt(place: Place, scene: Scene): PerValue {
  const value = singleAt(place, scene);
  if (value === undefined || value === null || !isScalar(value)) {
    return { kind: 'fault', reason: 'the value by which it counts is missing or no single value' };
  }
  if (typeof value === 'string' && value.length > MAX_PER) {
    return { kind: 'fault', reason: 'the value by which it counts is too long' };
  }
  return { kind: 'value', text: JSON.stringify(Object.is(value, -0) ? 0 : value) };
}

function singleAt({ path, zone }: Place, scene: Scene): Json | undefined {
  switch (path.root) {
    case 'args':
      return valueAt(scene.call.args, path.steps);
    case 'label':
      return labelOf(scene, path.label);
    case 'fact':
      return factOf(path.fact, zone, scene);
    case 'annotations':
    case 'calls':
      return undefined;
  }
}

/** How the identity of the counter begins: server (none for `global`), name, window, scope key, reset. Its `per` value follows. */
function keyStart(limit: Limit, subject: Subject): string {
  const server = JSON.stringify(limit.scope === 'global' ? '' : subject.server);
  return `[${server}${limit.keyMiddle}${scopeKey(limit, subject)}${calendarKey(limit.calendar)}`;
}

function calendarKey(calendar: Limit['calendar']): string {
  return calendar === undefined ? '' : `,{"calendar":${JSON.stringify(calendar.zone)}}`;
}

/** How the keys of limits in shadow end. */
export const SHADOW_KEY = ',{"shadow":true}]';

function scopeKey({ scope }: Limit, { grant, session }: Subject): string {
  switch (scope) {
    case 'grant':
      return JSON.stringify(grant.name);
    case 'session':
      return JSON.stringify([grant.name, session]);
    case 'owner':
      return JSON.stringify(grant.owner);
    case 'server':
    case 'global':
      return '""';
  }
}

function uncountable({ rule, reason, counter }: Limit, why: string): Refusal {
  return refusal('limit', rule, reason, `is refused by the limit ${quoted(counter)}: ${why}.`);
}
