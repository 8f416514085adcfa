import { grownBy, shrunkBy, usedUntil } from '../../policy/count/counter.ts';
import { KEPT_MS, type Moment, type Slot, type Slots } from '../../policy/count/slot.ts';
import { type Addition, familyIn, type Source } from '../../policy/count/source.ts';
import type { Database, Statement } from './driver.ts';
import { numberIn } from './driver.ts';
import { slotIn, usedColumn } from './slot-row.ts';
import { Values } from './values.ts';

/** One counter as the database has it, plus what this transaction changed. */
interface Counter {
  readonly key: string;
  slots: Slots;
  /** By bucket. */
  readonly changed: Map<number, Slot>;
}

/** What one pass added where. */
export interface Taken {
  readonly addition: Addition;
  readonly bucket: number;
}

const MIRROR_KEYS = 50_000;
const SWEEP_EVERY_MS = 60_000;
/** While there is more to sweep than one sweep takes. */
const SWEEP_AGAIN_MS = 100;
const SWEEP_ROWS = 500;

/** The counters of one connection: a mirror in memory, written through at the end of each transaction. */
export class Counters implements Source {
  readonly #mirror = new Map<string, Counter>();
  readonly #touched = new Set<Counter>();
  readonly #values: Values;
  readonly #version: Statement;
  readonly #load: Statement;
  readonly #saveCount: Statement;
  readonly #saveSum: Statement;
  readonly #prune: Statement;
  readonly #sweep: Statement;
  #seen = -1;
  #latest: Moment = { tick: 0, at: 0 };
  #swept = -Infinity;
  #sweepAfterMs = SWEEP_EVERY_MS;

  constructor(db: Database, mostValues: number) {
    this.#values = new Values(db, mostValues);
    this.#version = db.prepare('PRAGMA data_version');
    this.#load = db.prepare('SELECT bucket, used, until FROM counter WHERE key = ? ORDER BY bucket');
    const save = (used: string): Statement =>
      db.prepare(
        `INSERT INTO counter (key, bucket, used, until) VALUES (?, ?, ${used}, ?) ON CONFLICT DO UPDATE SET used = excluded.used`,
      );
    // The driver binds every number as REAL.
    this.#saveCount = save('CAST(? AS INTEGER)');
    this.#saveSum = save('?');
    this.#prune = db.prepare('DELETE FROM counter WHERE key = ? AND bucket < ?');
    this.#sweep = db.prepare(
      `DELETE FROM counter WHERE (key, bucket) IN (SELECT key, bucket FROM counter WHERE until <= ? LIMIT ${SWEEP_ROWS}) RETURNING key`,
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
    if (changed) this.#values.forget();
    this.#seen = version;
    return changed ? 'changed' : 'unchanged';
  }

  slots(key: string): Slots {
    return this.#counter(key).slots;
  }

  fullUntil(family: string, since: number, more: number): number | undefined {
    return this.#values.fullUntil(family, since, more);
  }

  take(additions: readonly Addition[], moment: Moment): readonly Taken[] {
    this.#latest = moment;
    const taken: Taken[] = [];
    // Nothing added is nothing to keep.
    for (const addition of additions) if (addition.add !== 0) taken.push(this.#add(addition, moment));
    return taken;
  }

  giveBack({ addition, bucket }: Taken): void {
    const counter = this.#counter(addition.key);
    const shrunk = shrunkBy(counter.slots, bucket, addition.add);
    if (shrunk === undefined) return;
    this.#set(counter, shrunk.slots, shrunk.slot);
    this.#tell(addition, counter);
  }

  /** Writes what changed; call it before COMMIT. */
  flush(): void {
    for (const { key, changed } of this.#touched) {
      for (const { bucket, used, until } of changed.values()) {
        const save = typeof used === 'number' ? this.#saveCount : this.#saveSum;
        save.run(key, bucket, usedColumn(used), until);
      }
      changed.clear();
    }
    this.#touched.clear();
    if (Math.abs(this.#latest.tick - this.#swept) >= this.#sweepAfterMs) this.#sweepDead();
  }

  /** After a failed transaction: memory knows no more than the database does. */
  forget(): void {
    this.#mirror.clear();
    this.#touched.clear();
    this.#values.forget();
    this.#seen = -1;
  }

  #counter(name: string): Counter {
    // INVARIANT: two keys that the database would store as one text are one key here too.
    const key = name.toWellFormed();
    const known = this.#mirror.get(key);
    if (known !== undefined) return known;
    const counter: Counter = { key, slots: this.#load.all(key).map(slotIn), changed: new Map() };
    this.#mirror.set(key, counter);
    return counter;
  }

  #add(addition: Addition, moment: Moment): Taken {
    const counter = this.#counter(addition.key);
    const before = usedUntil(counter.slots, addition.period);
    const first = counter.slots[0];
    const { slots, slot } = grownBy(counter.slots, addition, moment, addition.add);
    this.#set(counter, slots, slot);
    const oldest = slots[0];
    if (first !== undefined && oldest !== undefined && oldest.bucket > first.bucket) this.#drop(counter, oldest.bucket);
    if (slot.until !== before) this.#tell(addition, counter);
    return { addition, bucket: slot.bucket };
  }

  #set(counter: Counter, slots: Slots, slot: Slot): void {
    counter.slots = slots;
    counter.changed.set(slot.bucket, slot);
    this.#touched.add(counter);
  }

  #drop({ key, changed }: Counter, oldest: number): void {
    for (const bucket of changed.keys()) if (bucket < oldest) changed.delete(bucket);
    this.#prune.run(key, oldest);
  }

  #tell({ family, period }: Addition, { key, slots }: Counter): void {
    if (family !== undefined) this.#values.lives(familyIn(family, period), key, usedUntil(slots, period));
  }

  /** INVARIANT: the wall is never ahead of the tick, so a row is dead by its own time, whichever that is, a day before it goes. */
  #sweepDead(): void {
    const { tick, at } = this.#latest;
    const before = Math.min(tick, at) - KEPT_MS;
    const rows = this.#sweep.all(before);
    for (const { key } of rows) if (typeof key === 'string') this.#mirror.delete(key);
    const dead = Math.max(rows.length, this.#values.sweep(before, SWEEP_ROWS));
    this.#swept = tick;
    this.#sweepAfterMs = dead < SWEEP_ROWS ? SWEEP_EVERY_MS : SWEEP_AGAIN_MS;
  }
}
