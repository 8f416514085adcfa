import { StoreFault } from '../../gateway/ports.ts';
import type { Tried } from './asked.ts';
import type { Database } from './driver.ts';
import { patiently } from './fault.ts';
import { type Group, GroupCommit } from './group-commit.ts';
import type { SyncMode } from './store-parts.ts';
import type { WalSync } from './wal-sync.ts';

interface Parts {
  readonly path: string;
  readonly db: Database;
  readonly sync: SyncMode;
  readonly walSync: WalSync;
}

/** How a store reads and writes: what is written in one turn of the event loop is one transaction. Every method rejects with `StoreFault`. */
export class Transactions {
  readonly #parts: Parts;
  readonly #group: GroupCommit;
  #isClosed = false;

  constructor(parts: Parts, group: Group) {
    this.#parts = parts;
    this.#group = new GroupCommit(parts.path, parts.db, group);
  }

  /** Outside of a transaction. */
  read<T>(look: () => T): Promise<T> {
    return patiently(this.#parts.path, () => {
      this.usable();
      return look();
    });
  }

  async write<T>(work: () => T): Promise<T> {
    this.usable();
    return this.queued(work);
  }

  /** Writes what may fail by itself; with `before-send`, onto the disk. */
  async settled<T>(attempt: () => Tried<T>): Promise<T> {
    const tried = await this.write(attempt);
    if (tried.kind === 'failed') throw tried.error;
    if (this.#parts.sync === 'before-send') await this.#parts.walSync.now();
    return tried.value;
  }

  /** Also while the store is closing. */
  queued<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let done: { readonly value: T } | undefined;
      this.#group.add({
        work: () => {
          done = { value: work() };
        },
        settle: (fault) => {
          if (fault === undefined && done !== undefined) resolve(done.value);
          else reject(fault);
        },
      });
    });
  }

  /** Resolves when all that was written before is on the disk. */
  async synced(): Promise<void> {
    this.usable();
    await this.#group.drained();
    await this.#parts.walSync.now();
  }

  /** Takes nothing more from callers; resolves when what was taken is written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#group.drained();
  }

  /** Throws once the store is closed. */
  usable(): void {
    if (this.#isClosed) throw new StoreFault(`store ${this.#parts.path}: it is closed`);
  }
}
