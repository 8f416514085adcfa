import type {
  ErasedBatch,
  KeptValue,
  QuestionsOf,
  ValueKeeping,
  ValueReading,
  WrappedKey,
} from '../../gateway/audit/audit-ports.ts';
import type { Entry, PlacedRecord } from '../../gateway/ports.ts';
import type { Approvals } from './approvals.ts';
import type { Attempts } from './attempts.ts';
import type { Database } from './driver.ts';
import type { KeptValues } from './kept-values.ts';
import type { Listing } from './listing.ts';
import type { Transactions } from './transactions.ts';

interface Parts {
  readonly db: Database;
  readonly values: KeptValues;
  readonly approvals: Approvals;
  readonly listing: Listing;
  readonly attempts: Attempts;
  readonly transactions: Transactions;
}

/** What is deleted on this connection from now on is overwritten with zeros. */
const OVERWRITE = 'PRAGMA secure_delete = ON';

/** Arguments that are kept whole: read, erased, and given to another key. */
export class ValueStore implements ValueReading, ValueKeeping {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  values(first: number, last: number): Promise<ReadonlyMap<number, KeptValue>> {
    const { transactions, values } = this.#parts;
    return transactions.read(() => values.between(first, last));
  }

  withValues(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#parts.listing.withValues(n, limit);
  }

  valueKeys(): Promise<readonly WrappedKey[]> {
    return this.#parts.transactions.read(() => this.#parts.values.keys());
  }

  rewrap(anew: (key: WrappedKey) => WrappedKey | undefined, record: (count: number) => Entry): Promise<number> {
    const { transactions, values, attempts } = this.#parts;
    return transactions.write(() => {
      const changed = values.keys().flatMap((key) => anew(key) ?? []);
      for (const key of changed) values.rewrap(key);
      if (changed.length > 0) attempts.link(record(changed.length));
      return changed.length;
    });
  }

  async erase({ places, record }: ErasedBatch): Promise<void> {
    const { db, transactions, values, attempts } = this.#parts;
    db.exec(OVERWRITE);
    await transactions.write(() => {
      for (const n of places) values.erase(n);
      attempts.link(record);
    });
  }

  async eraseQuestions(which: QuestionsOf, record: (count: number) => Entry): Promise<number> {
    const { db, transactions, approvals, attempts } = this.#parts;
    db.exec(OVERWRITE);
    return transactions.write(() => {
      const count = approvals.erase(which);
      if (count > 0) attempts.link(record(count));
      return count;
    });
  }

  async flushLog(): Promise<boolean> {
    const { db, transactions } = this.#parts;
    await transactions.synced();
    return transactions.read(() => db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0);
  }
}
