import type { ServerPins } from '../../gateway/pins/server-pins.ts';
import type {
  Committed,
  Entry,
  ListedRecord,
  Pass,
  PinPlan,
  PinStore,
  Receipt,
  Store,
  StoredRecord,
} from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { countsAt, planPass } from '../../policy/count/plan-pass.ts';
import { MOST_VALUES } from '../../policy/count/source.ts';
import { Chain, type Writer } from './chain.ts';
import type { Checkpointer } from './checkpoint.ts';
import { Counters } from './counters.ts';
import type { Database, Statement } from './driver.ts';
import { patiently } from './fault.ts';
import { GroupCommit } from './group-commit.ts';
import { limitsText } from './limits-text.ts';
import { Listing } from './listing.ts';
import { Pins, sha256 } from './pins.ts';
import { HeldReceipt, heldBy } from './receipt.ts';
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
  /** How many values of `per` may live in one family: 10,000 unless told. */
  readonly mostValues?: number;
  /** Lets go of the log's file; the database itself is closed here. */
  release(): Promise<void>;
}

/** The embedded store, writing. */
export class SqliteStore implements Store, PinStore {
  readonly #parts: Parts;
  readonly #counters: Counters;
  readonly #lead: SharedLead;
  readonly #chain: Chain;
  readonly #group: GroupCommit;
  readonly #listing: Listing;
  readonly #pins: Pins;
  readonly #saveToken: Statement;
  readonly #forgetTokens: Statement;
  readonly #tokens: Statement;
  #bytes = 0;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { db, path, writer, mostValues } = parts;
    this.#parts = parts;
    this.#counters = new Counters(db, mostValues ?? MOST_VALUES);
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
    this.#pins = new Pins(db);
    this.#forgetTokens = db.prepare('DELETE FROM token');
    this.#saveToken = db.prepare('INSERT INTO token (grant_name, hash) VALUES (?, ?)');
    this.#tokens = db.prepare(ALL_TOKENS);
  }

  async commit(pass: Pass): Promise<Committed> {
    const attempt = await this.#write(() => this.#attempt(pass));
    if (attempt.kind === 'failed') throw attempt.error;
    if (this.#parts.sync === 'before-send') await this.#parts.walSync.now();
    return attempt.value;
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

  pins(server: string): Promise<ServerPins> {
    return patiently(this.#parts.path, () => {
      this.#usable();
      return this.#pins.of(server);
    });
  }

  pinEditions(): Promise<ReadonlyMap<string, number>> {
    return patiently(this.#parts.path, () => {
      this.#usable();
      return this.#pins.editions();
    });
  }

  async changePins(server: string, plan: PlanPins): Promise<ServerPins> {
    const attempt = await this.#write(() => this.#attemptPins(server, plan));
    if (attempt.kind === 'failed') throw attempt.error;
    if (this.#parts.sync === 'before-send') await this.#parts.walSync.now();
    return attempt.value;
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

  /** One pass inside the transaction; a judge or a body that throws fails its own pass only, and then nothing of it was done. */
  #attempt(pass: Pass): Attempt {
    const { id, at } = pass;
    const moment = { tick: this.#lead.align(pass), at };
    const counts = countsAt(this.#counters, pass.counts, moment);
    const plan = tried(() => pass.judge(counts));
    if (plan.kind === 'failed') return plan;
    const { verdict, shadow, limits, additions } = planPass(this.#counters, plan.value, moment);
    const body = tried(() => plan.value.body(verdict, shadow));
    if (body.kind === 'failed') return body;
    const receipt = new HeldReceipt(id, this.#counters, this.#counters.take(additions, moment));
    this.#link({ id, kind: 'call', at, body: body.value }, limitsText(limits));
    return { kind: 'done', value: { verdict, receipt, limits, shadow } };
  }

  /** One change of pins inside the transaction; a plan that throws fails by itself, and then nothing of it was done. */
  #attemptPins(server: string, plan: PlanPins): Tried<ServerPins> {
    const planned = tried(() => plan(this.#pins.of(server), sha256));
    if (planned.kind === 'failed') return planned;
    if (planned.value !== undefined) {
      this.#bytes += this.#pins.change(server, planned.value);
      for (const record of planned.value.records) this.#link(record, '[]');
    }
    return { kind: 'done', value: this.#pins.of(server) };
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

type PlanPins = (now: ServerPins, digest: (text: string) => string) => PinPlan | undefined;
type Tried<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'failed'; readonly error: unknown };
type Attempt = Tried<Committed>;

function tried<T>(action: () => T): Tried<T> {
  try {
    return { kind: 'done', value: action() };
  } catch (error) {
    return { kind: 'failed', error };
  }
}
