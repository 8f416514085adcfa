import type { ListedRecord, Store, StoredRecord } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import type { Database, Statement } from './driver.ts';
import { patiently } from './fault.ts';
import { Listing } from './listing.ts';
import { ALL_TOKENS, tokensIn } from './tokens.ts';

/** The embedded store for those who only look: it works beside running gateways and writes nothing. */
export class ReadingStore implements Store {
  readonly #path: string;
  readonly #db: Database;
  readonly #listing: Listing;
  readonly #tokens: Statement;
  #closed = false;

  constructor(path: string, db: Database) {
    this.#path = path;
    this.#db = db;
    this.#listing = new Listing(path, db, () => this.#usable());
    this.#tokens = db.prepare(ALL_TOKENS);
  }

  commit(): Promise<never> {
    return this.#refuse();
  }

  append(): Promise<never> {
    return this.#refuse();
  }

  saveTokenHashes(): Promise<never> {
    return this.#refuse();
  }

  async synced(): Promise<void> {
    this.#usable();
  }

  newest(limit: number): AsyncIterable<ListedRecord> {
    return this.#listing.newest(limit);
  }

  links(): AsyncIterable<StoredRecord> {
    return this.#listing.links();
  }

  tokenHashes(): Promise<ReadonlyMap<string, string>> {
    return patiently(this.#path, () => {
      this.#usable();
      return tokensIn(this.#tokens.all());
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.close();
  }

  #usable(): void {
    if (this.#closed) throw new StoreFault(`store ${this.#path}: it is closed`);
  }

  async #refuse(): Promise<never> {
    throw new StoreFault(`store ${this.#path}: it was opened for reading only`);
  }
}
