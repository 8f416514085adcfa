import type { CallKind } from '../../wire/call.ts';
import { bareObject, isArray, isObject, type Json, type JsonObject, withKeys } from '../../wire/json.ts';
import type { Subject as Caller } from '../decision.ts';
import type { Place } from '../look.ts';
import { isJudgeable, momentInUtc, momentInZone } from '../moment.ts';
import type { Step } from '../path.ts';
import type { Setting } from './settings.ts';

/** All of a call that is tried out. */
export interface Probe {
  readonly args: JsonObject;
  readonly caller: Caller;
  readonly at: number;
  /** Calls let through just before: counted alike however far back a rule looks. */
  readonly calls: readonly EarlierCalls[];
}

/** Calls of one tool, for the grant or within the session. */
export interface EarlierCalls {
  readonly of: 'grant' | 'session';
  readonly tool: string;
  readonly count: number;
  /** How far back the rule looks for which they were tried. */
  readonly withinMs: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MAX_INDEX = 20;

/** The probe with a value at a place, as far as a caller has a say there. */
export function withValue(kind: CallKind, probe: Probe, { place }: Setting, value: Json | undefined): Probe {
  const { path } = place;
  switch (path.root) {
    case 'args': {
      // The URI is the name, and requests carry nothing.
      if (kind === 'resource' || kind === 'request') return probe;
      const args = putAt(probe.args, path.steps, value);
      return isObject(args) ? { ...probe, args } : probe;
    }
    case 'label': {
      const { [path.label]: _, ...labels } = probe.caller.grant.labels;
      const put = typeof value === 'string' ? { ...labels, [path.label]: value } : labels;
      return { ...probe, caller: { ...probe.caller, grant: { ...probe.caller.grant, labels: put } } };
    }
    case 'calls': {
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) return probe;
      const { of, tool } = path;
      const others = probe.calls.filter((one) => one.of !== of || one.tool !== tool);
      return { ...probe, calls: [...others, { of, tool, count: value, withinMs: place.withinMs }] };
    }
    case 'annotations':
      return probe;
    case 'fact':
      return withFact(probe, place, path.fact, value);
  }
}

function withFact(probe: Probe, place: Place, fact: string, value: Json | undefined): Probe {
  const { caller } = probe;
  const { grant, client } = caller;
  const text = typeof value === 'string' ? value : undefined;
  switch (fact) {
    case 'grant.name':
      return text === undefined ? probe : { ...probe, caller: { ...caller, grant: { ...grant, name: text } } };
    case 'grant.owner':
      return text === undefined ? probe : { ...probe, caller: { ...caller, grant: { ...grant, owner: text } } };
    case 'client.name':
      return { ...probe, caller: { ...caller, client: { ...client, name: text } } };
    case 'client.version':
      return { ...probe, caller: { ...caller, client: { ...client, version: text } } };
    case 'time.hour':
    case 'time.weekday':
    case 'time.date': {
      const at = momentAt(probe.at, place, fact, value);
      return at === undefined ? probe : { ...probe, at };
    }
    default:
      return probe;
  }
}

/** How often a tool was called before; the calls of a session are calls of its grant too. */
export function callsBefore({ calls }: Probe, of: 'grant' | 'session', tool: string): number {
  const counts = calls.flatMap((one) => (one.tool === tool && (of === 'grant' || one.of === of) ? [one.count] : []));
  return Math.max(0, ...counts);
}

/** A time at which the clocks of the place show the value. */
function momentAt(
  base: number,
  { zone }: Place,
  fact: 'time.hour' | 'time.weekday' | 'time.date',
  value: Json | undefined,
): number | undefined {
  const part = fact === 'time.hour' ? 'hour' : fact === 'time.weekday' ? 'weekday' : 'date';
  const shows = (at: number): boolean =>
    isJudgeable(at) && (zone === undefined ? momentInUtc(at, part) : momentInZone(at, part, zone)) === value;
  const [start, step, many] =
    part === 'hour' ? [base, HOUR, 25] : part === 'weekday' ? [base, DAY, 7] : [nearDate(base, value), DAY, 9];
  for (let count = 0; count < many; count++) if (shows(start + count * step)) return start + count * step;
  return undefined;
}

/** Some days before a date such as `2026-12-31`. */
function nearDate(base: number, value: Json | undefined): number {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(typeof value === 'string' ? value : '') ?? [];
  if (year === undefined) return base;
  const days = Math.floor((Number(year) - 1970) * 365.2425 + (Number(month) - 1) * 30.44 + Number(day));
  return (days - 5) * DAY + (((base % DAY) + DAY) % DAY);
}

/** The value with another one at the end of the steps; `[*]` makes an array of one. */
function putAt(into: Json | undefined, steps: readonly Step[], value: Json | undefined): Json | undefined {
  const [step, ...rest] = steps;
  if (step === undefined) return value;
  switch (step.kind) {
    case 'key': {
      const object = isObject(into) ? into : bareObject();
      const inner = putAt(object[step.key], rest, value);
      return inner === undefined ? without(object, step.key) : withKeys(object, { [step.key]: inner });
    }
    case 'each': {
      const inner = putAt(undefined, rest, value);
      return inner === undefined ? [] : [inner];
    }
    case 'index': {
      const array = isArray(into) ? [...into] : [];
      if (step.index > MAX_INDEX) return array;
      while (array.length < step.index) array.push(null);
      array[step.index] = putAt(array[step.index], rest, value) ?? null;
      return array;
    }
  }
}

function without(object: JsonObject, key: string): JsonObject {
  return withKeys(object, { [key]: undefined });
}
