import type { TransactionClock } from '../../gateway/approvals/approval-ports.ts';
import type { Database, Row, Statement } from './driver.ts';

/** Keeps the row from being written with every transaction. */
const MARK_EVERY_MS = 1_000;
/** Sums of ticks and leads are not exact to the last digit. */
const ROUNDING_MS = 1;

/** What all processes know of time. */
interface Known {
  /** The greatest lead of all. */
  readonly lead: number;
  /** A tick that was counted by; none was later by more than `MARK_EVERY_MS`. */
  readonly highest: number;
}

/**
 * One clock for all processes on a folder. Each runs its ticks ahead of the machine's monotonic clock by a lead of its own
 * (a process that saw the wall before it stepped back is ahead of one that started after). The greatest lead of all counts for
 * all, so that an event of one never looks older to another than it is. The lead only grows. Where a machine was
 * started anew, whose monotonic clock began again, and its wall is behind what it was, time goes on from the highest tick that was
 * used: what has an end does not outlive it.
 */
export class SharedLead {
  readonly #db: Database;
  readonly #load: Statement;
  /** Undefined for those who only look. */
  #save: Statement | undefined;
  #known: Known | undefined;
  /** With less of a lead this process would have counted behind what was counted before. */
  #least: number = Number.NEGATIVE_INFINITY;

  constructor(db: Database) {
    this.#db = db;
    // An older version, which those who only look leave as it is, has no highest tick.
    this.#load = db.prepare('SELECT * FROM tick_lead');
  }

  /** A moment's tick on the shared clock, ms. Call it inside a write transaction. */
  align(clock: TransactionClock): number {
    this.#known ??= this.#stored();
    const known = this.#known;
    const { tick, lead, shared } = this.#shared(clock, known);
    // Whole milliseconds: the wall has no finer ones, and a creeping fraction would be written again and again.
    const raised = shared > known.lead ? Math.ceil(shared) : known.lead;
    const aligned = tick + (raised - lead);
    const isNew = aligned - known.highest >= MARK_EVERY_MS;
    if (raised !== known.lead || isNew)
      this.#keep({ lead: raised, highest: isNew ? Math.floor(aligned) : known.highest });
    return aligned;
  }

  /** The same outside of a transaction: nothing is written. */
  peek(clock: TransactionClock): number {
    const { tick, lead, shared } = this.#shared(clock, this.#stored());
    return tick + (shared - lead);
  }

  /** How far a tick is beyond what everybody knows of, ms: as much is lost should the machine fail now. */
  unmarked(tick: number): number {
    return tick - this.#stored().highest;
  }

  /** Another process may have written, or what was written is undone: ask the database again. */
  forget(): void {
    this.#known = undefined;
  }

  #shared(
    clock: TransactionClock,
    known: Known,
  ): { readonly tick: number; readonly lead: number; readonly shared: number } {
    const tick = clock.tick();
    const lead = clock.lead();
    const greatest = Math.max(lead, known.lead);
    const missing = known.highest - (tick + (greatest - lead));
    // INVARIANT: nothing is counted behind the mark. So between two events no more time passes here than in truth, whatever the clocks do.
    if (missing > ROUNDING_MS) this.#least = Math.max(this.#least, greatest + missing);
    return { tick, lead, shared: Math.max(greatest, this.#least) };
  }

  #keep(known: Known): void {
    this.#save ??= this.#db.prepare(
      `INSERT INTO tick_lead (one, lead, highest) VALUES (1, ?, ?)
        ON CONFLICT DO UPDATE SET (lead, highest) = (excluded.lead, excluded.highest)`,
    );
    this.#save.run(known.lead, known.highest);
    this.#known = known;
  }

  #stored(): Known {
    const row = this.#load.get();
    return { lead: numberOr(row, 'lead'), highest: numberOr(row, 'highest') };
  }
}

function numberOr(row: Row | undefined, column: string): number {
  const value = row?.[column];
  return typeof value === 'number' ? value : Number.NEGATIVE_INFINITY;
}
