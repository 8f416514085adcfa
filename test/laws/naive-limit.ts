import type { Reservation, RuleRef, Scope, Subject } from '../../src/policy/decision.ts';
import { isArray, isObject, type Json, type JsonObject } from '../../src/wire/json.ts';
import { periodOf } from './naive-calendar.ts';
import { judgeAll } from './naive-condition.ts';
import { list } from './naive-list.ts';
import { isDisputed, stepsOf } from './naive-path.ts';
import type { Scene } from './naive-scene.ts';
import { windowMs } from './naive-window.ts';

/** A limit as it stands in a document, `rate_limit` written out. */
export interface RawLimit {
  readonly pointer: string;
  readonly raw: JsonObject;
  readonly counter: string;
}

/** All limits of one set of rules; `counted` names the counter of `rate_limit`. */
export function limitsOf(rules: JsonObject, at: string, counted: string): RawLimit[] {
  const found: RawLimit[] = list(rules, 'limits').map((limit, index) => {
    const raw = limit as JsonObject;
    return { pointer: `${at}/limits/${index}`, raw, counter: String(raw['counter']) };
  });
  const short = rules['rate_limit'];
  if (short !== undefined)
    found.push({ pointer: `${at}/rate_limit`, raw: short as JsonObject, counter: `${counted}_rate` });
  return found;
}

/** A limit that no call can keep, whatever the call holds. */
export function isImpossible({ raw }: RawLimit): boolean {
  const isBare = raw['amount'] === undefined && raw['when'] === undefined;
  return Number(raw['max']) < 1 && isBare && raw['on_exceed'] !== 'require_approval';
}

/** Whether a limit counts this call at all. */
export function doesCount({ raw }: RawLimit, scene: Scene): boolean {
  return raw['when'] === undefined || judgeAll(list(raw, 'when'), scene, 'when') !== 'false';
}

/** What the limit adds for the call, under which value of `per`; `refused` where it cannot tell. */
export function measureOf({ raw }: RawLimit, scene: Scene): { add: number; per: Json | undefined } | 'refused' {
  const add = raw['amount'] === undefined ? 1 : valueAt(String(raw['amount']), scene);
  if (typeof add !== 'number' || add < 0 || !Number.isFinite(add)) return 'refused';
  if (raw['per'] === undefined) return { add, per: undefined };
  const per = valueAt(String(raw['per']), scene);
  if (per === undefined || per === null || isArray(per) || isObject(per)) return 'refused';
  return typeof per === 'string' && per.length > 1024 ? 'refused' : { add, per };
}

/** What the path leads to; a path through a scalar leads nowhere. */
function valueAt(path: string, scene: Scene): Json | undefined {
  let found: Json | undefined = scene.roots;
  for (const step of stepsOf(path)) {
    if (typeof step === 'object') return undefined;
    if (isArray(found)) found = typeof step === 'number' ? found[step] : undefined;
    else if (isObject(found)) {
      const name = String(step);
      found = Object.hasOwn(found, name) && !isDisputed(found, name) ? found[name] : undefined;
    } else return undefined;
  }
  return found;
}

/** How a limit is to be counted. */
interface Counting {
  readonly rule: RuleRef;
  readonly reason: Json | undefined;
  readonly isInShadow: boolean;
  readonly add: number;
  readonly per: Json | undefined;
}

export function reservationOf(limit: RawLimit, counting: Counting, scene: Scene): Reservation {
  const { raw, counter } = limit;
  const { rule, reason, isInShadow, add, per } = counting;
  const scope = (raw['scope'] ?? 'grant') as Scope;
  const ms = windowMs(raw['window']);
  const zone = String(raw['timezone'] ?? 'UTC');
  const isCalendar = raw['reset'] === 'calendar';
  const key = (...own: Json[]) =>
    JSON.stringify([
      scope === 'global' ? '' : scene.subject.server,
      counter,
      ms,
      scope,
      scopeKey(scope, scene.subject),
      ...(isCalendar ? [{ calendar: zone }] : []),
      ...own,
      ...(isInShadow ? [{ shadow: true }] : []),
    ]);
  return {
    key: per === undefined ? key() : key({ per }),
    family: per === undefined ? undefined : key(),
    counter,
    scope,
    windowMs: ms,
    period: isCalendar ? periodOf(scene.at, String(raw['window']), zone) : undefined,
    max: Number(raw['max']),
    add,
    unit: raw['amount'] === undefined ? 'calls' : 'amount',
    onExceed: raw['on_exceed'] === 'require_approval' ? 'require_approval' : 'deny',
    window: String(raw['window']),
    rule,
    reason: typeof reason === 'string' ? reason : undefined,
  };
}

function scopeKey(scope: Scope, subject: Subject): Json {
  switch (scope) {
    case 'grant':
      return subject.grant.name;
    case 'session':
      return [subject.grant.name, subject.session];
    case 'owner':
      return subject.grant.owner;
    case 'server':
    case 'global':
      return '';
  }
}
