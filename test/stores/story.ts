import { createHash } from 'node:crypto';
import { GENESIS, linkText } from '../../src/gateway/audit-link.ts';
import type { Committed, Entry, Pass, Plan, Store, StoredRecord } from '../../src/gateway/ports.ts';
import type { CounterKey, Period, Reservation } from '../../src/policy/decision.ts';

export const MINUTE = 60_000;
/** A full hour, so that the buckets of minutes and hours begin here. */
export const START: number = 498_056 * 3_600_000;

export const DAY: number = 24 * 60 * MINUTE;

export interface Terms {
  readonly windowMs?: number;
  readonly add?: number;
  readonly key?: string;
  /** The value of `per`. */
  readonly per?: string;
  readonly period?: Period;
  readonly onExceed?: Reservation['onExceed'];
}

/** "At most `max` in a window", as the judge would ask for it. */
export function limit(name: string, max: number, terms: Terms = {}): Reservation {
  const windowMs = terms.windowMs ?? MINUTE;
  const whole = terms.key ?? `files|${name}|${windowMs}|alice-laptop`;
  return {
    key: terms.per === undefined ? whole : `${whole}|${terms.per}`,
    family: terms.per === undefined ? undefined : whole,
    counter: name,
    scope: 'grant',
    windowMs,
    period: terms.period,
    max,
    add: terms.add ?? 1,
    unit: terms.add === undefined ? 'calls' : 'amount',
    onExceed: terms.onExceed ?? 'deny',
    window: 'minute',
    rule: { document: 'policy', pointer: `/tools/read_file/limits/${name}`, id: undefined },
    reason: undefined,
  };
}

/** Every kind of counter in one call; the one that is named "shared" stops it. */
export function mixture(max: number): Pick<Plan, 'reservations' | 'tallies' | 'shadow'> {
  const period = periodOf(START, DAY);
  return {
    reservations: [
      limit('shared', max),
      limit('spent', 1e9, { add: 0.1 }),
      limit('per_account', 1e9, { per: '"acc-1"' }),
      limit('daily', 1e9, { windowMs: DAY, period, add: 5.1 }),
    ],
    tallies: [tally('send')],
    shadow: [limit('tried', 1e9, { add: 0.7 })],
  };
}

/** How often a tool was let through within a window. */
export function tally(tool: string, windowMs: number = MINUTE): CounterKey {
  return { key: `calls of ${tool}|${windowMs}|alice-laptop`, windowMs };
}

/** The calendar period of a length in which a time falls. */
export function periodOf(at: number, length: number): Period {
  const from = Math.floor(at / length) * length;
  return { from, to: from + length };
}

/** What a pass asks, as far as it is not told here. */
export interface Asking extends Partial<Plan> {
  readonly at?: number;
  readonly counts?: readonly CounterKey[];
}

/** A call at a tick; its wall says the same unless told. */
export function passOf(id: string, tick: number, asking: Asking = {}): Pass {
  const { at = tick, counts = [], ...plan } = asking;
  return {
    id,
    at,
    tick: () => tick,
    lead: () => 0,
    counts,
    judge: () => ({
      reservations: [],
      mode: 'take',
      tallies: [],
      shadow: [],
      body: (verdict) => JSON.stringify({ id, verdict: verdict.kind }),
      ...plan,
    }),
  };
}

export function pass(id: string, tick: number, ...reservations: Reservation[]): Pass {
  return passOf(id, tick, { reservations });
}

export function entry(kind: Entry['kind'], id: string, text: string = kind): Entry {
  return { id, kind, at: START, body: JSON.stringify({ text }) };
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

export function verdictsOf(committed: readonly Committed[]): string[] {
  return committed.map(({ verdict }) => verdict.kind);
}

/** How often a tool was let through, as a judge is told. */
export async function countOf(store: Store, of: CounterKey, tick: number): Promise<number> {
  let counted = Number.NaN;
  const probe = passOf('probe', tick, { counts: [of] });
  const judge: Pass['judge'] = (counts) => {
    counted = counts.get(of.key) ?? Number.NaN;
    return probe.judge(counts);
  };
  await store.commit({ ...probe, judge });
  return counted;
}

/** Where a counter stands, asked by a call that adds nothing. */
export async function usedOf(store: Store, of: Reservation, tick: number): Promise<number> {
  const { limits } = await store.commit(pass('probe', tick, { ...of, add: 0, max: Number.MAX_SAFE_INTEGER }));
  return limits[0]?.used ?? Number.NaN;
}

/** Follows every chain from its beginning; gives all links, or throws at the first that does not hold. */
export async function verified(store: Store): Promise<StoredRecord[]> {
  const links = await all(store.links());
  const finished = new Set<string>();
  let writer: string | undefined;
  let previous = GENESIS;
  let seq = 0;
  for (const link of links) {
    if (link.writer !== writer) {
      if (finished.has(link.writer)) throw new Error(`the links of writer ${link.writer} are not together`);
      finished.add(link.writer);
      [writer, previous, seq] = [link.writer, GENESIS, 0];
    }
    seq += 1;
    const expected = createHash('sha256').update(linkText(previous, link), 'utf8').digest('hex');
    if (link.seq !== seq || link.hash !== expected) throw new Error(`the chain of ${writer} breaks at ${link.seq}`);
    previous = link.hash;
  }
  return links.map((link) => ({ ...link, kind: KINDS.find((kind) => kind === link.kind) ?? unknownKind(link.kind) }));
}

const KINDS = ['call', 'refused', 'outcome', 'event'] as const;

function unknownKind(kind: string): never {
  throw new Error(`a record is of the unknown kind ${kind}`);
}
