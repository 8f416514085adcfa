import type { Reservation } from '../decision.ts';
import { usedAt, waitAt } from './counter.ts';
import type { Moment, Slots } from './slot.ts';
import { type Addition, familyIn, type Source } from './source.ts';
import { isMore, nearestDouble, plus, type Sum, sumOf } from './sum.ts';
import type { LimitAfter, Verdict } from './verdict.ts';

/** What some reservations would do to the counters; nothing is changed by it. */
export interface Planned {
  readonly verdict: Verdict;
  /** One for each counter; none unless all fit. */
  readonly additions: readonly Addition[];
  readonly lines: readonly Line[];
}

/** One reservation against its counter. */
interface Line {
  readonly reservation: Reservation;
  readonly slots: Slots;
  readonly used: Sum;
  /** What the call adds to the counter, over all limits that name it; undefined for what cannot be counted. */
  readonly add: Sum | undefined;
}

interface Excess {
  readonly reservation: Reservation;
  readonly waitMs: number;
  readonly why: 'max' | 'values';
}

/** Ceilings beyond which a person is asked: they hold, or a person lifted them for this call. */
export type AskingCeilings = 'hold' | 'lifted';

type Adds = ReadonlyMap<string, Sum | undefined>;

const RESERVED: Verdict = Object.freeze({ kind: 'reserved' });
/** The plan of a pass that reserves nothing. */
export const NOTHING: Planned = Object.freeze({ verdict: RESERVED, additions: [], lines: [] });

/** Judges reservations against the counters at a moment: all of them fit, or nothing is added. */
export function planReservations(
  source: Source,
  reservations: readonly Reservation[],
  moment: Moment,
  ceilings: AskingCeilings = 'hold',
): Planned {
  if (reservations.length === 0) return NOTHING;
  const lines = linesOf(source, reservations, moment);
  const excesses = excessesOf(source, lines, moment, ceilings);
  const verdict = verdictOver(excesses);
  return { verdict, additions: verdict.kind === 'reserved' ? additionsOf(lines) : [], lines };
}

/** Where the counters stand, before or after what the plan adds. */
export function limitsOf({ lines }: Planned, when: 'before' | 'after'): readonly LimitAfter[] {
  return lines.map(({ reservation: { counter, scope, max }, used, add }) => {
    return { counter, scope, used: nearestDouble(when === 'after' ? plus(used, add ?? 0) : used), max };
  });
}

function linesOf(source: Source, reservations: readonly Reservation[], moment: Moment): readonly Line[] {
  // One limit is the rule, and needs no table.
  const adds = reservations.length === 1 ? undefined : addPerCounter(reservations);
  return reservations.map((reservation): Line => {
    const slots = source.slots(reservation.key);
    const used = usedAt(slots, reservation, moment);
    return { reservation, slots, used, add: adds ? adds.get(counterOf(reservation)) : sumOf(reservation.add) };
  });
}

/** Several limits may name one counter: a call adds to it once, the largest of what they ask. */
function addPerCounter(reservations: readonly Reservation[]): Adds {
  const adds = new Map<string, Sum | undefined>();
  for (const reservation of reservations) {
    const counter = counterOf(reservation);
    const add = sumOf(reservation.add);
    const isFirst = !adds.has(counter);
    const known = adds.get(counter);
    if (isFirst || (known !== undefined && (add === undefined || isMore(add, known)))) adds.set(counter, add);
  }
  return adds;
}

function counterOf({ key, period }: Reservation): string {
  return period === undefined ? key : `${key}@${period.from}`;
}

/** In the order of the lines. */
function excessesOf(
  source: Source,
  lines: readonly Line[],
  moment: Moment,
  ceilings: AskingCeilings,
): readonly Excess[] {
  const excesses: Excess[] = [];
  const newcomers = new Map<string, Set<string>>();
  for (const line of lines) {
    const forMax = isLifted(line, ceilings) ? undefined : waitForMax(line, moment);
    const forValues = waitForValues(source, line, moment, newcomers);
    const excess = excessOf(line.reservation, forMax, forValues);
    if (excess !== undefined) excesses.push(excess);
  }
  return excesses;
}

/** What cannot be counted is not lifted either: nobody would know afterwards that it passed. */
function isLifted({ reservation, add }: Line, ceilings: AskingCeilings): boolean {
  return ceilings === 'lifted' && reservation.onExceed === 'require_approval' && add !== undefined;
}

/** A limit that both its ceiling and its values stop is stopped by its ceiling, if that denies; for a person lifts only the ceiling. */
function excessOf(
  reservation: Reservation,
  forMax: number | undefined,
  forValues: number | undefined,
): Excess | undefined {
  if (forMax === undefined && forValues === undefined) return undefined;
  if (reservation.onExceed === 'require_approval' && forValues !== undefined) {
    return { reservation, waitMs: forValues, why: 'values' };
  }
  return {
    reservation,
    waitMs: Math.max(forMax ?? 1, forValues ?? 1),
    why: forMax === undefined ? 'values' : 'max',
  };
}

/** Undefined if there is room. */
function waitForMax({ reservation, slots, used, add }: Line, moment: Moment): number | undefined {
  const { windowMs, period, max } = reservation;
  if (fits(used, add, max)) return undefined;
  return add === undefined ? windowMs : waitAt(slots, { windowMs, period }, moment, add, sumOf(max) ?? 0);
}

/** What cannot be counted never fits, nor anything under a ceiling that is none. */
function fits(used: Sum, add: Sum | undefined, max: number): boolean {
  if (add === undefined) return false;
  if (max === Infinity) return true;
  const ceiling = sumOf(max);
  return ceiling !== undefined && !isMore(plus(used, add), ceiling);
}

/**
 * Undefined for a value that lives already, and while another may come alive. What is new in this call is kept, by family, in
 * `newcomers`.
 */
function waitForValues(
  source: Source,
  { reservation, used }: Line,
  moment: Moment,
  newcomers: Map<string, Set<string>>,
): number | undefined {
  const { family: name, period } = reservation;
  if (name === undefined || used !== 0) return undefined;
  const family = familyIn(name, period);
  const fresh = (newcomers.get(family) ?? new Set()).add(counterOf(reservation));
  newcomers.set(family, fresh);
  const until = source.fullUntil(family, period === undefined ? moment.tick : -Infinity, fresh.size);
  return until === undefined ? undefined : untilRoom(reservation, until, moment);
}

/** Milliseconds until the first value is dead; the window where waiting for that does not help. */
function untilRoom({ windowMs, period }: Reservation, until: number, { tick, at }: Moment): number {
  const wait = period === undefined ? until - tick : period.to - at;
  return wait < Infinity ? Math.max(1, Math.ceil(wait)) : windowMs;
}

/** The first limit that denies, else the first that asks; the wait suffices for all of its kind. */
function verdictOver(excesses: readonly Excess[]): Verdict {
  const denying = excesses.filter(({ reservation, why }) => reservation.onExceed === 'deny' || why === 'values');
  const biting = denying.length === 0 ? excesses : denying;
  const [first, ...more] = biting;
  if (first === undefined) return RESERVED;
  const retryAfterMs = biting.reduce((longest, { waitMs }) => Math.max(longest, waitMs), 0);
  const exceeded = { kind: 'exceeded', reservation: first.reservation, retryAfterMs, why: first.why } as const;
  if (denying.length > 0 || more.length === 0) return exceeded;
  return { ...exceeded, also: more.map(({ reservation }) => reservation) };
}

function additionsOf(lines: readonly Line[]): readonly Addition[] {
  const [only] = lines;
  if (only !== undefined && lines.length === 1) return [additionOf(only)].filter((one) => one !== undefined);
  const additions = new Map<string, Addition>();
  for (const line of lines) {
    const addition = additionOf(line);
    if (addition !== undefined) additions.set(counterOf(line.reservation), addition);
  }
  return [...additions.values()];
}

function additionOf({ reservation: { key, windowMs, period, family }, add }: Line): Addition | undefined {
  return add === undefined ? undefined : { key, windowMs, period, family, add };
}
