import { createHash } from 'node:crypto';
import { GENESIS, linkText } from '../../src/gateway/audit-link.ts';
import type { Committed, Entry, Pass, Store, StoredRecord } from '../../src/gateway/ports.ts';
import type { Reservation } from '../../src/policy/decision.ts';

export const MINUTE = 60_000;
/** A full hour, so that the buckets of minutes and hours begin here. */
export const START: number = 498_056 * 3_600_000;

/** "At most `max` calls in a window", as the judge would ask for it. */
export function limit(
  name: string,
  max: number,
  rest: { windowMs?: number; add?: number; key?: string } = {},
): Reservation {
  const windowMs = rest.windowMs ?? MINUTE;
  return {
    key: rest.key ?? `files|${name}|${windowMs}|alice-laptop`,
    counter: name,
    scope: 'grant',
    windowMs,
    max,
    add: rest.add ?? 1,
    window: 'minute',
    rule: { document: 'policy', pointer: `/tools/read_file/limits/${name}`, id: undefined },
    reason: undefined,
  };
}

export function pass(id: string, tick: number, ...reservations: Reservation[]): Pass {
  return {
    id,
    at: START,
    tick: () => tick,
    lead: () => 0,
    reservations,
    body: (verdict) => JSON.stringify({ id, verdict: verdict.kind }),
  };
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
  return links;
}
