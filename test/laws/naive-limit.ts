import type { Reservation, RuleRef, Scope, Subject } from '../../src/policy/decision.ts';
import type { Json, JsonObject } from '../../src/wire/json.ts';
import { list } from './naive-condition.ts';

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

const SECONDS: { readonly [word: string]: number } = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
  week: 7 * 86_400,
  month: 31 * 86_400,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
};

function windowMs(window: Json | undefined): number {
  if (typeof window === 'number') return window * 1000;
  const text = String(window);
  const named = SECONDS[text];
  if (named !== undefined && text.length > 1) return named * 1000;
  return Number(text.slice(0, -1)) * (SECONDS[text.slice(-1)] ?? Number.NaN) * 1000;
}

export function reservationOf(limit: RawLimit, rule: RuleRef, subject: Subject, reason: Json | undefined): Reservation {
  const { raw, counter } = limit;
  const scope = (raw['scope'] ?? 'grant') as Scope;
  const ms = windowMs(raw['window']);
  return {
    key: JSON.stringify([scope === 'global' ? '' : subject.server, counter, ms, scope, scopeKey(scope, subject)]),
    counter,
    scope,
    windowMs: ms,
    max: Number(raw['max']),
    add: 1,
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
    case 'server':
    case 'global':
      return '';
  }
}
