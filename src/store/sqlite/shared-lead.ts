import type { TransactionClock } from '../../gateway/approvals/approval-ports.ts';
import { type Database, numberIn, type Statement } from './driver.ts';

/**
 * One clock for all processes on a folder. Each runs its ticks ahead of the machine's monotonic clock by a lead of its own
 * (a process that saw the wall before it stepped back is ahead of one that started after). The greatest lead of all counts for
 * all, so that an event of one never looks older to another than it is. The lead only grows.
 */
export class SharedLead {
  readonly #load: Statement;
  readonly #save: Statement;
  #lead: number | undefined;

  constructor(db: Database) {
    this.#load = db.prepare('SELECT max(lead) AS lead FROM tick_lead');
    this.#save = db.prepare(
      'INSERT INTO tick_lead (one, lead) VALUES (1, ?) ON CONFLICT DO UPDATE SET lead = excluded.lead',
    );
  }

  /** A moment's tick on the shared clock, ms. Call it inside a write transaction. */
  align(clock: TransactionClock): number {
    const tick = clock.tick();
    const lead = clock.lead();
    this.#lead ??= this.#stored();
    if (lead > this.#lead) {
      // Whole milliseconds: the wall has no finer ones, and a creeping fraction would be written again and again.
      this.#lead = Math.ceil(lead);
      this.#save.run(this.#lead);
    }
    return tick + (this.#lead - lead);
  }

  /** The same outside of a transaction: nothing is written, and nothing kept. */
  peek(clock: TransactionClock): number {
    const tick = clock.tick();
    return tick + Math.max(0, this.#stored() - clock.lead());
  }

  /** Another process may have written, or what was written is undone: ask the database again. */
  forget(): void {
    this.#lead = undefined;
  }

  #stored(): number {
    const row = this.#load.get();
    return typeof row?.['lead'] === 'number' ? numberIn(row, 'lead') : Number.NEGATIVE_INFINITY;
  }
}
