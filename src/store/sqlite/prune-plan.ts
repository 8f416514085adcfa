import { setImmediate as turn } from 'node:timers/promises';
import type { LogPruning, Pruned, PruneReason, PruneWish, RemovedLink } from '../../gateway/audit/audit-ports.ts';
import type { Checkpoint } from '../../gateway/audit/seal.ts';
import { GENESIS } from '../../gateway/audit-link.ts';
import { type Database, numberIn, type Statement, textIn } from './driver.ts';
import { Removed } from './removed.ts';
import type { Seals } from './seals.ts';

/** The beginning of a writer's records, up to one of its checkpoints. */
export interface Span {
  /** The writer's row. */
  readonly row: number;
  /** After this link it begins. */
  readonly after: RemovedLink;
  readonly checkpoint: Checkpoint;
  readonly why: PruneReason;
}

/** What is to go: all that was signed before a time, and all that begins before a place, but nothing from another place on. */
export interface Bounds {
  readonly signedBefore: number;
  readonly beginsBefore: number;
  readonly keptFrom: number;
}

/** The records of the writer in this row that should be gone, but for a crash: up to number `size`. */
export interface LeftOver {
  readonly row: number;
  readonly after: RemovedLink;
  readonly size: number;
}

interface PlanParts {
  readonly db: Database;
  readonly seals: Seals;
  read<T>(look: () => T): Promise<T>;
}

/** Rows measured in one go. */
const PAGE = 200;
/** What a record takes beside its texts: its numbers, its place in both trees, and what pages leave empty. */
const ROW_BYTES = 100;
const BEGINNING: RemovedLink = { seq: 0, hash: GENESIS };

/** Finds what retention may remove; it only reads. */
export class PrunePlan {
  readonly #parts: PlanParts;
  readonly #removed: Removed;
  readonly #nextWriter: Statement;
  readonly #name: Statement;
  readonly #place: Statement;
  readonly #newest: Statement;
  readonly #sizes: Statement;
  readonly #pages: readonly Statement[];
  readonly #cursors: Statement;

  constructor(parts: PlanParts) {
    const { db } = parts;
    this.#parts = parts;
    this.#removed = new Removed(db);
    this.#nextWriter = db.prepare('SELECT min(writer) AS writer FROM record WHERE writer > ?');
    this.#name = db.prepare('SELECT id FROM writer WHERE n = ?');
    this.#place = db.prepare('SELECT n FROM record WHERE writer = ? AND seq = ?');
    this.#newest = db.prepare('SELECT max(n) AS n FROM record');
    this.#sizes = db.prepare(
      `SELECT record.n, octet_length(id) + octet_length(limits) + octet_length(body) + octet_length(hash)
         + coalesce(octet_length(sealed), 0) AS bytes
       FROM record LEFT JOIN value ON value.n = record.n WHERE record.n > ? ORDER BY record.n LIMIT ${PAGE}`,
    );
    this.#pages = ['page_count', 'freelist_count', 'page_size'].map((name) => db.prepare(`PRAGMA ${name}`));
    this.#cursors = db.prepare('SELECT name, n FROM export_cursor');
  }

  /** Bytes that the store has in use. */
  bytes(): Promise<number> {
    return this.#parts.read(() => {
      const [all = 0, free = 0, each = 0] = this.#pages.map((pragma) => Number(Object.values(pragma.get() ?? {})[0]));
      return (all - free) * each;
    });
  }

  /** INVARIANT: the newest record stays, since the next one takes the number after the greatest that is there. */
  async bounds({ signedBefore = -Infinity, keptFrom }: PruneWish): Promise<Bounds> {
    const delivered = await keptFrom();
    const newest = await this.#parts.read(() => this.#newest.get()?.['n']);
    const last = typeof newest === 'number' ? newest : 0;
    return { signedBefore, beginsBefore: 0, keptFrom: Math.min(delivered, last) };
  }

  /** The place before which records take so many bytes. */
  async placeAfter(bytes: number): Promise<number> {
    let [place, left] = [0, bytes];
    while (left > 0) {
      await turn();
      const rows = await this.#parts.read(() => this.#sizes.all(place));
      for (const row of rows) {
        place = numberIn(row, 'n');
        left -= numberIn(row, 'bytes') + ROW_BYTES;
        if (left <= 0) break;
      }
      if (rows.length < PAGE) break;
    }
    return place + 1;
  }

  /** So much of a writer was signed away and did not come to be removed. */
  async leftOver(): Promise<readonly LeftOver[]> {
    const found: LeftOver[] = [];
    for await (const { row, writer, after } of this.#writers()) {
      const size = await this.#parts.read(() => this.#parts.seals.retainedOf(writer));
      if (size > after.seq) found.push({ row, after, size });
    }
    return found;
  }

  /** Writers with records, in the order of their rows. */
  async *#writers(): AsyncGenerator<{ readonly row: number; readonly writer: string; readonly after: RemovedLink }> {
    let row = -Infinity;
    for (;;) {
      await turn();
      const found = await this.#parts.read(() => {
        const next = this.#nextWriter.get(row)?.['writer'];
        if (typeof next !== 'number') return undefined;
        const id = this.#name.get(next)?.['id'];
        return {
          row: next,
          writer: typeof id === 'string' ? id : undefined,
          after: this.#removed.of(next) ?? BEGINNING,
        };
      });
      if (found === undefined) return;
      ({ row } = found);
      const { writer, after } = found;
      if (writer !== undefined) yield { row, writer, after };
    }
  }

  async *spans(bounds: Bounds): AsyncGenerator<Span> {
    for await (const { row, writer, after } of this.#writers()) {
      const span = await this.#spanOf(row, writer, after, bounds);
      if (span !== undefined) yield span;
    }
  }

  /** As many checkpoints as may go, one after the other: the times of clocks that were set need not grow. */
  async #spanOf(row: number, writer: string, after: RemovedLink, bounds: Bounds): Promise<Span | undefined> {
    let span: Span | undefined;
    let size = after.seq;
    for (;;) {
      const checkpoints = await this.#parts.read(() => this.#parts.seals.checkpointsAbove(writer, size));
      if (checkpoints.length === 0) return span;
      for (const checkpoint of checkpoints) {
        const why = await this.#parts.read(() => this.#whyGone(row, size, checkpoint, bounds));
        if (why === undefined) return span;
        span = { row, after, checkpoint, why };
        size = checkpoint.size;
      }
      await turn();
    }
  }

  #whyGone(row: number, before: number, { at, size }: Checkpoint, bounds: Bounds): PruneReason | undefined {
    const [first, last] = [this.#placeOf(row, before + 1), this.#placeOf(row, size)];
    // A hole is nothing to be signed over: it is what verifying is for.
    if (first === undefined || last === undefined || last >= bounds.keptFrom) return undefined;
    if (at < bounds.signedBefore) return 'age';
    return first < bounds.beginsBefore ? 'size' : undefined;
  }

  #placeOf(row: number, seq: number): number | undefined {
    const n = this.#place.get(row, seq)?.['n'];
    return typeof n === 'number' ? n : undefined;
  }

  firstUndelivered: LogPruning['firstUndelivered'] = async (exports) => {
    const rows = await this.#parts.read(() => this.#cursors.all());
    const reached = new Map(rows.map((row) => [textIn(row, 'name'), numberIn(row, 'n')]));
    const names = exports === 'all' ? [...reached.keys()] : [...exports];
    // What was never begun has delivered nothing.
    return Math.min(...names.map((name) => (reached.get(name) ?? 0) + 1));
  };
}

/** What a run would remove, without removing it. */
export async function foresee(plan: PrunePlan, wish: PruneWish): Promise<Pruned> {
  const bytes = await plan.bytes();
  const bounds = await plan.bounds(wish);
  const excess = wish.mostBytes === undefined ? 0 : bytes - wish.mostBytes;
  const beginsBefore = excess > 0 ? await plan.placeAfter(excess) : 0;
  const sizes = new Map<number, number>();
  const why = new Set<PruneReason>();
  let until: number | undefined;
  for (const { row, after, size } of await plan.leftOver()) {
    why.add('left over');
    sizes.set(row, size - after.seq);
  }
  for await (const span of plan.spans({ ...bounds, beginsBefore })) {
    why.add(span.why);
    until = Math.max(until ?? 0, span.checkpoint.at);
    sizes.set(span.row, Math.max(sizes.get(span.row) ?? 0, span.checkpoint.size - span.after.seq));
  }
  const records = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return { records, writers: sizes.size, until, why, bytes, faults: [] };
}
