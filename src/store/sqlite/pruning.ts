import { hash as digest } from 'node:crypto';
import type { Pruned, PruneReason, PruneWish, RemovedLink } from '../../gateway/audit/audit-ports.ts';
import { GENESIS, linkText } from '../../gateway/audit-link.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { tried } from './asked.ts';
import { type Database, numberIn, type Row, type Statement, textIn } from './driver.ts';
import type { Bounds, PrunePlan, Span } from './prune-plan.ts';
import { Removed } from './removed.ts';
import type { SealChain } from './seal-chain.ts';
import { Stride } from './stride.ts';

/** A store that is still too large after so many rounds is looked at again by the next run. */
const MOST_ROUNDS = 30;

interface Parts {
  readonly path: string;
  readonly db: Database;
  readonly chain: SealChain;
  readonly plan: PrunePlan;
  read<T>(look: () => T): Promise<T>;
  write<T>(work: () => T): Promise<T>;
  /** Told inside of a transaction how many bytes it changes, about. */
  changed(bytes: number): void;
}

interface Tally {
  records: number;
  readonly writers: Set<number>;
  until: number | undefined;
  readonly why: Set<PruneReason>;
  readonly faults: Set<string>;
  /** Rows of writers that do not verify. */
  readonly broken: Set<number>;
}

/**
 * Removes what is not to be kept: first it signs that it will, then the records go in slices, with pauses in which calls have their turn. What a
 * crash leaves over is taken up by the next run. INVARIANT: no record goes that no seal of retention covers, and none that does not verify.
 */
export class Pruning {
  readonly #parts: Parts;
  readonly #removed: Removed;
  readonly #links: Statement;
  readonly #slice: Statement;
  readonly #forgetValues: Statement;
  readonly #forget: Statement;
  #running: Promise<unknown> = Promise.resolve();
  #isOver: () => boolean = () => false;
  #isClosing = false;

  constructor(parts: Parts) {
    const { db } = parts;
    this.#parts = parts;
    this.#removed = new Removed(db);
    this.#links = db.prepare(
      'SELECT seq, id, kind, at, limits, body, hash FROM record WHERE writer = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    );
    this.#slice = db.prepare(
      `SELECT count(*) AS records, sum(octet_length(body)) AS bytes, max(hash) FILTER (WHERE seq = ?3) AS last FROM record WHERE writer = ?1 AND seq > ?2 AND seq <= ?3`,
    );
    this.#forgetValues = db.prepare(
      'DELETE FROM value WHERE n IN (SELECT n FROM record WHERE writer = ? AND seq > ? AND seq <= ?)',
    );
    this.#forget = db.prepare('DELETE FROM record WHERE writer = ? AND seq > ? AND seq <= ?');
  }

  prune(wish: PruneWish): Promise<Pruned> {
    const run = this.#running.then(() => this.#run(wish));
    this.#running = run.catch(() => {});
    return run;
  }

  /** What is not removed by then is left over. */
  async stop(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  async #run(wish: PruneWish): Promise<Pruned> {
    const { plan } = this.#parts;
    this.#isOver = () => this.#isClosing || wish.isOver();
    const tally = emptyTally();
    try {
      await this.#takeUp(tally);
      const bounds = await plan.bounds(wish);
      if (wish.signedBefore !== undefined) await this.#round(bounds, tally);
      if (wish.mostBytes !== undefined) await this.#shrink(wish.mostBytes, bounds, tally);
    } catch (error) {
      // What is gone by now is to be told all the same.
      if (!(error instanceof StoreFault)) throw error;
      tally.faults.add(error.message);
    }
    const { records, until, why } = tally;
    return { records, writers: tally.writers.size, until, why, bytes: await plan.bytes(), faults: [...tally.faults] };
  }

  /** What a run before this one signed away and did not come to remove. */
  async #takeUp(tally: Tally): Promise<void> {
    for (const { row, size } of await this.#parts.plan.leftOver()) {
      if (this.#isOver()) return;
      tally.why.add('left over');
      await this.#tried(tally, () => this.#remove(row, size, tally));
    }
  }

  /** Gives how many records went. */
  async #round(bounds: Bounds, tally: Tally): Promise<number> {
    const before = tally.records;
    for await (const span of this.#parts.plan.spans(bounds)) {
      if (this.#isOver()) break;
      if (tally.broken.has(span.row)) continue;
      await this.#tried(tally, () => this.#removeSpan(span, tally));
    }
    return tally.records - before;
  }

  /** What a record takes on the disk is not exactly known: it is looked how much became free, and gone on. */
  async #shrink(bytes: number, bounds: Bounds, tally: Tally): Promise<void> {
    const { plan } = this.#parts;
    let reach = 1;
    for (let round = 0; round < MOST_ROUNDS && !this.#isOver(); round += 1) {
      const excess = (await plan.bytes()) - bytes;
      if (excess <= 0) return;
      const beginsBefore = await plan.placeAfter(excess * reach);
      const went = await this.#round({ ...bounds, signedBefore: -Infinity, beginsBefore }, tally);
      if (went === 0 && beginsBefore >= bounds.keptFrom) return;
      // The oldest may be what cannot go.
      reach = went === 0 ? reach * 2 : 1;
    }
  }

  async #removeSpan({ row, after, checkpoint, why }: Span, tally: Tally): Promise<void> {
    try {
      await this.#check(row, after, checkpoint);
    } catch (error) {
      // Another process removes the same at this moment, and has checked it.
      if ((await this.#removedSince(row, after)) || this.#isOver()) return;
      tally.broken.add(row);
      throw error;
    }
    if (this.#isOver()) return;
    await this.#parts.chain.retain(checkpoint);
    tally.why.add(why);
    tally.until = Math.max(tally.until ?? 0, checkpoint.at);
    await this.#remove(row, checkpoint.size, tally);
  }

  #removedSince(row: number, { seq }: RemovedLink): Promise<boolean> {
    return this.#parts.read(() => (this.#removed.of(row)?.seq ?? 0) > seq);
  }

  /** What was changed stays: it is evidence. */
  async #check(n: number, after: RemovedLink, { writer, size, head }: Span['checkpoint']): Promise<void> {
    const stride = new Stride();
    let link = after;
    while (link.seq < size && !this.#isOver()) {
      const { seq, hash } = link;
      link = await this.#parts.read(() =>
        stride.timed(() => {
          let last: RemovedLink = { seq, hash };
          for (const row of this.#links.all(n, seq, size, stride.rows)) last = this.#followed(writer, last, row);
          return last;
        }),
      );
      if (link.seq === seq) throw this.#broken(writer, seq + 1);
      await stride.rest();
    }
    if (link.seq === size && link.hash !== head) throw this.#broken(writer, size);
  }

  #followed(writer: string, before: RemovedLink, row: Row): RemovedLink {
    const seq = before.seq + 1;
    const [id, kind, limits, body] = [
      textIn(row, 'id'),
      textIn(row, 'kind'),
      textIn(row, 'limits'),
      textIn(row, 'body'),
    ];
    const text = linkText(before.hash, { writer, seq, id, kind, at: numberIn(row, 'at'), limits, body });
    const hash = digest('sha256', text, 'hex');
    if (numberIn(row, 'seq') !== seq || textIn(row, 'hash') !== hash) throw this.#broken(writer, seq);
    return { seq, hash };
  }

  async #remove(row: number, size: number, tally: Tally): Promise<void> {
    const stride = new Stride();
    for (let seq = -1; seq < size && !this.#isOver(); ) {
      const slice = await this.#parts.write(() =>
        stride.timed(() => tried(() => this.#removeSlice(row, size, stride.rows))),
      );
      if (slice.kind === 'failed') throw slice.error;
      const { records, last } = slice.value;
      seq = last;
      tally.records += records;
      if (records > 0) tally.writers.add(row);
      await stride.rest();
    }
  }

  /** Inside a transaction. Another process may do the same: what is gone is gone. What other tables keep of records goes here, with them. */
  #removeSlice(row: number, size: number, rows: number): { readonly records: number; readonly last: number } {
    const { seq } = this.#removed.of(row) ?? { seq: 0, hash: GENESIS };
    if (seq >= size) return { records: 0, last: seq };
    const last = Math.min(seq + rows, size);
    const found = this.#slice.get(row, seq, last) ?? {};
    const { records, last: hash, bytes } = found;
    if (records !== last - seq || typeof hash !== 'string') {
      throw new StoreFault(
        `store ${this.#parts.path}: records from ${seq + 1} on of the writer in row ${row} are missing; toolgate audit verify tells more`,
      );
    }
    overwriting(this.#parts.db, () => {
      this.#forgetValues.run(row, seq, last);
      this.#forget.run(row, seq, last);
    });
    this.#removed.put(row, { seq: last, hash });
    this.#parts.changed(Number(bytes));
    return { records, last };
  }

  /** One writer that is broken must not keep the others. */
  async #tried(tally: Tally, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      tally.faults.add(error.message);
    }
  }

  #broken(writer: string, seq: number): StoreFault {
    return new StoreFault(
      `store ${this.#parts.path}: record ${seq} of writer ${writer} is not as it was written, so no record of it is removed; toolgate audit verify tells more`,
    );
  }
}

function emptyTally(): Tally {
  const [writers, broken, why, faults] = [
    new Set<number>(),
    new Set<number>(),
    new Set<PruneReason>(),
    new Set<string>(),
  ];
  return { records: 0, until: undefined, writers, broken, why, faults };
}

/** What is deleted meanwhile is overwritten with zeros; afterwards the connection is as it was. */
function overwriting(db: Database, work: () => void): void {
  const before = numberIn(db.prepare('PRAGMA secure_delete').get(), 'secure_delete');
  db.exec('PRAGMA secure_delete = ON');
  try {
    work();
  } finally {
    db.exec(`PRAGMA secure_delete = ${before}`);
  }
}
