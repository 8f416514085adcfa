import { NEVER_USED, type ServerPins } from '../../gateway/pins/server-pins.ts';
import type { ListedRecord, PinStore, Store, StoredRecord } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import type { Database, Statement } from './driver.ts';
import { patiently } from './fault.ts';
import { Listing } from './listing.ts';
import { Pins } from './pins.ts';
import { hasPins } from './schema.ts';
import { ALL_TOKENS, tokensIn } from './tokens.ts';

/** The embedded store for those who only look: it works beside running gateways and writes nothing. */
export class ReadingStore implements Store, PinStore {
  readonly #path: string;
  readonly #db: Database;
  readonly #listing: Listing;
  readonly #tokens: Statement;
  /** Undefined in a folder of an older version. */
  readonly #pins: Pins | undefined;
  #closed = false;

  constructor(path: string, db: Database) {
    this.#path = path;
    this.#db = db;
    this.#listing = new Listing(path, db, () => this.#usable());
    this.#tokens = db.prepare(ALL_TOKENS);
    this.#pins = hasPins(db) ? new Pins(db) : undefined;
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

  changePins(): Promise<never> {
    return this.#refuse();
  }

  pins(server: string): Promise<ServerPins> {
    return patiently(this.#path, () => {
      this.#usable();
      return this.#pins?.of(server) ?? NEVER_USED;
    });
  }

  pinEditions(): Promise<ReadonlyMap<string, number>> {
    return patiently(this.#path, () => {
      this.#usable();
      return this.#pins?.editions() ?? new Map();
    });
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
