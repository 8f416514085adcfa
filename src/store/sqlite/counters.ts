import { type Database, numberIn, type Row, type Statement } from './driver.ts';
import { bucketAt, bucketEnd, effectiveTick, type Slot } from './window.ts';

/** One counter as the database has it, plus what this transaction changed. */
export interface Counter {
  readonly key: string;
  readonly windowMs: number;
  readonly slots: Slot[];
  readonly changed: Set<Slot>;
}

/** What one pass added where. */
export interface Taken {
  readonly key: string;
  readonly windowMs: number;
  readonly bucket: number;
  readonly add: number;
}

const MIRROR_KEYS = 50_000;
const SWEEP_EVERY_MS = 60_000;
const SWEEP_ROWS = 500;
/** Dead buckets of counters that nobody uses any more are kept this much longer, against clocks that were wrong for a while. */
const SWEEP_AFTER_MS = 86_400_000;

/** The counters of one connection: a mirror in memory, written through at the end of each transaction. */
export class Counters {
  readonly #mirror = new Map<string, Counter>();
  readonly #touched = new Set<Counter>();
  readonly #version: Statement;
  readonly #load: Statement;
  readonly #save: Statement;
  readonly #prune: Statement;
  readonly #sweep: Statement;
  #seen = -1;
  #latest = -Infinity;
  #swept = -Infinity;

  constructor(db: Database) {
    this.#version = db.prepare('PRAGMA data_version');
    this.#load = db.prepare('SELECT bucket, used FROM counter WHERE key = ? ORDER BY bucket');
    this.#save = db.prepare(
      'INSERT INTO counter (key, bucket, used, until) VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET used = excluded.used',
    );
    this.#prune = db.prepare('DELETE FROM counter WHERE key = ? AND bucket < ?');
    this.#sweep = db.prepare(
      `DELETE FROM counter WHERE (key, bucket) IN (SELECT key, bucket FROM counter WHERE until <= ? LIMIT ${SWEEP_ROWS})`,
    );
  }

  /**
   * Says whether another connection has written since; if so the mirror is emptied.
   * INVARIANT: called inside each write transaction before anything is read.
   */
  begin(): 'unchanged' | 'changed' {
    const version = numberIn(this.#version.get(), 'data_version');
    const changed = version !== this.#seen;
    if (changed || this.#mirror.size > MIRROR_KEYS) this.#mirror.clear();
    this.#seen = version;
    return changed ? 'changed' : 'unchanged';
  }

  counter(name: string, windowMs: number): Counter {
    // INVARIANT: two keys that the database would store as one text are one key here too.
    const key = name.toWellFormed();
    const known = this.#mirror.get(key);
    if (known !== undefined) return known;
    const slots = this.#load.all(key).map(slotOf);
    const counter: Counter = { key, windowMs, slots, changed: new Set() };
    this.#mirror.set(key, counter);
    return counter;
  }

  take(counter: Counter, tick: number, add: number): Taken {
    const { key, windowMs, slots } = counter;
    const bucket = bucketAt(slots, windowMs, tick);
    let slot = slots.at(-1);
    if (slot?.bucket !== bucket) {
      this.#dropDead(counter, tick);
      slot = { bucket, used: 0 };
      slots.push(slot);
    }
    slot.used += add;
    this.#touch(counter, slot);
    this.#latest = Math.max(this.#latest, tick);
    return { key, windowMs, bucket, add };
  }

  giveBack(taken: Taken): void {
    const counter = this.counter(taken.key, taken.windowMs);
    const slot = counter.slots.find((one) => one.bucket === taken.bucket);
    if (slot === undefined) return;
    slot.used = Math.max(0, slot.used - taken.add);
    this.#touch(counter, slot);
  }

  /** Writes what changed; call it before COMMIT. */
  flush(): void {
    for (const { key, windowMs, changed } of this.#touched) {
      for (const { bucket, used } of changed) this.#save.run(key, bucket, used, bucketEnd(bucket, windowMs));
      changed.clear();
    }
    this.#touched.clear();
    if (this.#latest - this.#swept >= SWEEP_EVERY_MS) this.#sweepDead();
  }

  /** After a failed transaction: memory knows no more than the database does. */
  forget(): void {
    this.#mirror.clear();
    this.#touched.clear();
    this.#seen = -1;
  }

  #touch(counter: Counter, slot: Slot): void {
    counter.changed.add(slot);
    this.#touched.add(counter);
  }

  #dropDead(counter: Counter, tick: number): void {
    const { key, windowMs, slots, changed } = counter;
    const at = effectiveTick(slots, windowMs, tick);
    const alive = slots.findIndex((slot) => bucketEnd(slot.bucket, windowMs) > at);
    const dead = slots.splice(0, alive === -1 ? slots.length : alive);
    const last = dead.at(-1);
    if (last === undefined) return;
    for (const slot of dead) changed.delete(slot);
    this.#prune.run(key, last.bucket + 1);
  }

  #sweepDead(): void {
    this.#swept = this.#latest;
    if (this.#sweep.run(this.#latest - SWEEP_AFTER_MS).changes !== 0) this.#mirror.clear();
  }
}

function slotOf(row: Row): Slot {
  return { bucket: numberIn(row, 'bucket'), used: numberIn(row, 'used') };
}
