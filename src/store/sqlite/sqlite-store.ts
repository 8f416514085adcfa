import type { Committed, Entry, ListedRecord, Pass, Receipt, Store, StoredRecord } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { Chain, type Writer } from './chain.ts';
import type { Checkpointer } from './checkpoint.ts';
import { Counters } from './counters.ts';
import type { Database, Statement } from './driver.ts';
import { patiently } from './fault.ts';
import { GroupCommit } from './group-commit.ts';
import { Listing } from './listing.ts';
import { HeldReceipt, heldBy } from './receipt.ts';
import { limitsText, planPass } from './reserve.ts';
import { SharedLead } from './shared-lead.ts';
import { ALL_TOKENS, tokensIn } from './tokens.ts';
import type { WalSync } from './wal-sync.ts';

/**
 * When the log reaches the disk. `interval`: within 10 ms of a commit. `before-send`: a commit resolves after it.
 * `before-reply`: it is begun with the commit, and `synced` waits for it.
 */
export type SyncMode = 'interval' | 'before-send' | 'before-reply';

export interface Parts {
  readonly path: string;
  readonly db: Database;
  readonly writer: Writer;
  readonly sync: SyncMode;
  readonly walSync: WalSync;
  readonly checkpointer: Checkpointer;
  /** Lets go of the log's file; the database itself is closed here. */
  release(): Promise<void>;
}

/** The embedded store, writing. */
export class SqliteStore implements Store {
  readonly #parts: Parts;
  readonly #counters: Counters;
  readonly #lead: SharedLead;
  readonly #chain: Chain;
  readonly #group: GroupCommit;
  readonly #listing: Listing;
  readonly #saveToken: Statement;
  readonly #forgetTokens: Statement;
  readonly #tokens: Statement;
  #bytes = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { db, path, writer } = parts;
    this.#parts = parts;
    this.#counters = new Counters(db);
    this.#lead = new SharedLead(db);
    this.#chain = new Chain(db, writer);
    this.#group = new GroupCommit(path, db, {
      begin: () => {
        if (this.#counters.begin() === 'changed') this.#lead.forget();
      },
      finish: () => this.#counters.flush(),
      committed: () => this.#committed(),
      forget: () => this.#forget(),
    });
    this.#listing = new Listing(path, db, () => this.#usable());
    this.#forgetTokens = db.prepare('DELETE FROM token');
    this.#saveToken = db.prepare('INSERT INTO token (grant_name, hash) VALUES (?, ?)');
    this.#tokens = db.prepare(ALL_TOKENS);
  }

  async commit(pass: Pass): Promise<Committed> {
    const attempt = await this.#write(() => this.#attempt(pass));
    if (attempt.kind === 'failed') throw attempt.error;
    if (this.#parts.sync === 'before-send') await this.#parts.walSync.now();
    return attempt.committed;
  }

  async append(entry: Entry, refund: Receipt | undefined): Promise<void> {
    const held = refund === undefined ? undefined : heldBy(this.#counters, refund);
    let undo: (() => void) | undefined;
    try {
      await this.#write(() => {
        undo = held?.giveBack();
        this.#link(entry, '[]');
      });
    } catch (error) {
      undo?.();
      throw error;
    }
  }

  async synced(): Promise<void> {
    this.#usable();
    await this.#group.drained();
    await this.#parts.walSync.now();
  }

  newest(limit: number): AsyncIterable<ListedRecord> {
    return this.#listing.newest(limit);
  }

  links(): AsyncIterable<StoredRecord> {
    return this.#listing.links();
  }

  tokenHashes(): Promise<ReadonlyMap<string, string>> {
    return patiently(this.#parts.path, () => {
      this.#usable();
      return tokensIn(this.#tokens.all());
    });
  }

  async saveTokenHashes(hashes: ReadonlyMap<string, string>): Promise<void> {
    await this.#write(() => {
      this.#forgetTokens.run();
      for (const [grant, hash] of hashes) this.#saveToken.run(grant, hash);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#group.drained();
    // A sync that failed was reported when it failed; the rest is to be let go all the same.
    await this.#parts.walSync.now().catch(() => {});
    await this.#parts.checkpointer.close();
    // The last connection of all processes moves the log into the database and removes it.
    this.#parts.db.close();
    await this.#parts.release();
  }

  async #write<T>(work: () => T): Promise<T> {
    this.#usable();
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

  /** One pass inside the transaction; a body that throws fails its own pass only, and then nothing of it was done. */
  #attempt(pass: Pass): Attempt {
    const plan = planPass(this.#counters, pass.reservations, this.#lead.align(pass));
    let body: string;
    try {
      body = pass.body(plan.verdict);
    } catch (error) {
      return { kind: 'failed', error };
    }
    const receipt = new HeldReceipt(pass.id, this.#counters, plan.take());
    this.#link({ id: pass.id, kind: 'call', at: pass.at, body }, limitsText(plan.limits));
    return { kind: 'committed', committed: { verdict: plan.verdict, receipt, limits: plan.limits } };
  }

  #link(entry: Entry, limits: string): void {
    this.#chain.append(entry, limits);
    this.#bytes += entry.body.length;
  }

  #committed(): void {
    this.#parts.walSync.wrote();
    this.#parts.checkpointer.wrote(this.#bytes);
    this.#bytes = 0;
  }

  #forget(): void {
    this.#counters.forget();
    this.#lead.forget();
    this.#chain.forget();
    this.#bytes = 0;
  }

  #usable(): void {
    if (this.#closing !== undefined) throw new StoreFault(`store ${this.#parts.path}: it is closed`);
  }
}

type Attempt =
  | { readonly kind: 'committed'; readonly committed: Committed }
  | { readonly kind: 'failed'; readonly error: unknown };
