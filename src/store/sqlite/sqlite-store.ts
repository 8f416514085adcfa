import type { Approval } from '../../gateway/approvals/approval.ts';
import type {
  ApprovalFilter,
  ApprovalStore,
  ChangedApproval,
  DueNotice,
  Notice,
  TransactionClock,
} from '../../gateway/approvals/approval-ports.ts';
import type {
  ErasedBatch,
  KeptValue,
  LogPruning,
  LogReading,
  Pruned,
  PruneWish,
  QuestionsOf,
  StoredLink,
  ValueKeeping,
  ValueReading,
  ValueSealer,
  WrappedKey,
} from '../../gateway/audit/audit-ports.ts';
import type { ServerPins } from '../../gateway/pins/server-pins.ts';
import type {
  Committed,
  Entry,
  ListedRecord,
  Pass,
  PinStore,
  PlacedRecord,
  Receipt,
  Store,
} from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { MOST_VALUES } from '../../policy/count/source.ts';
import { APPROVAL_ROWS, Approvals } from './approvals.ts';
import type { Tried } from './asked.ts';
import { Attempts, type PlanApproval, type PlanExpiry, type PlanPins } from './attempts.ts';
import { Chain, type Writer } from './chain.ts';
import type { Checkpointer } from './checkpoint.ts';
import { Counters } from './counters.ts';
import type { Database, Statement } from './driver.ts';
import { ExportTable } from './export-table.ts';
import { patiently } from './fault.ts';
import { GroupCommit } from './group-commit.ts';
import { KeptValues } from './kept-values.ts';
import { Listing } from './listing.ts';
import { Notices } from './notices.ts';
import { Pins } from './pins.ts';
import { heldBy } from './receipt.ts';
import type { Sealing, Parts as SealingParts } from './sealing.ts';
import { SharedLead } from './shared-lead.ts';
import { ALL_TOKENS, tokensIn } from './tokens.ts';
import type { WalSync } from './wal-sync.ts';

type NoticeOutcome = Parameters<ApprovalStore['settleNotice']>[1];

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
  /** What seals arguments that are kept whole; undefined where nothing is. */
  sealer?(): ValueSealer | undefined;
  /** Makes what signs the log, given a way to write; without it nothing is signed. */
  readonly sealing?: (how: Pick<SealingParts, 'write' | 'changed'>) => Sealing;
  /** Lets go of the log's file; the database itself is closed here. */
  release(): Promise<void>;
}

/** What is deleted on this connection from now on is overwritten with zeros. */
const OVERWRITE = 'PRAGMA secure_delete = ON';

/** The embedded store, writing. */
export class SqliteStore implements Store, PinStore, ApprovalStore, LogReading, LogPruning, ValueReading, ValueKeeping {
  readonly #parts: Parts;
  readonly #counters: Counters;
  readonly #lead: SharedLead;
  readonly #chain: Chain;
  readonly #pins: Pins;
  readonly #approvals: Approvals;
  readonly #notices: Notices;
  readonly #values: KeptValues;
  readonly #attempts: Attempts;
  readonly #group: GroupCommit;
  readonly #listing: Listing;
  readonly #saveToken: Statement;
  readonly #forgetTokens: Statement;
  readonly #tokens: Statement;
  /** Undefined where nothing is signed. */
  readonly sealing: Sealing | undefined;
  readonly exports: ExportTable;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    const { db, path, writer, mostValues } = parts;
    this.#parts = parts;
    this.#counters = new Counters(db, mostValues ?? MOST_VALUES);
    this.#lead = new SharedLead(db);
    this.#chain = new Chain(db, writer);
    this.#pins = new Pins(db);
    this.#approvals = new Approvals(db);
    this.#notices = new Notices(db);
    this.#values = new KeptValues(db);
    this.#attempts = new Attempts({
      counters: this.#counters,
      lead: this.#lead,
      chain: this.#chain,
      pins: this.#pins,
      approvals: this.#approvals,
      notices: this.#notices,
      values: this.#values,
      sealer: () => parts.sealer?.(),
    });
    this.#group = new GroupCommit(path, db, {
      begin: () => {
        if (this.#counters.begin() === 'changed') this.#lead.forget();
      },
      finish: () => this.#counters.flush(),
      committed: () => this.#committed(),
      forget: () => this.#forget(),
    });
    this.#listing = new Listing(path, db, undefined, () => this.#usable());
    this.#forgetTokens = db.prepare('DELETE FROM token');
    this.#saveToken = db.prepare('INSERT INTO token (grant_name, hash) VALUES (?, ?)');
    this.#tokens = db.prepare(ALL_TOKENS);
    this.sealing = parts.sealing?.({
      write: (work) => this.#queued(work),
      changed: (bytes) => this.#attempts.changed(bytes),
    });
    this.exports = new ExportTable(db, { read: (look) => this.#read(look), write: (work) => this.#write(work) });
  }

  commit(pass: Pass): Promise<Committed> {
    return this.#settled(() => this.#attempts.pass(pass));
  }

  async append(entry: Entry, refund: Receipt | undefined): Promise<void> {
    const held = refund === undefined ? undefined : heldBy(this.#counters, refund);
    let undo: (() => void) | undefined;
    try {
      await this.#write(() => {
        undo = held?.giveBack();
        this.#attempts.link(entry);
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

  after(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#listing.after(n, limit);
  }

  before(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#listing.before(n, limit);
  }

  placeBefore(at: number): Promise<number> {
    return this.#listing.placeBefore(at);
  }

  values(first: number, last: number): Promise<ReadonlyMap<number, KeptValue>> {
    return this.#read(() => this.#values.between(first, last));
  }

  rewrap(anew: (key: WrappedKey) => WrappedKey | undefined, record: (count: number) => Entry): Promise<number> {
    return this.#write(() => {
      const changed = this.#values.keys().flatMap((key) => anew(key) ?? []);
      for (const key of changed) this.#values.rewrap(key);
      if (changed.length > 0) this.#attempts.link(record(changed.length));
      return changed.length;
    });
  }

  withValues(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#listing.withValues(n, limit);
  }

  valueKeys(): Promise<readonly WrappedKey[]> {
    return this.#read(() => this.#values.keys());
  }

  async erase({ places, record }: ErasedBatch): Promise<void> {
    this.#parts.db.exec(OVERWRITE);
    await this.#write(() => {
      for (const n of places) this.#values.erase(n);
      this.#attempts.link(record);
    });
  }

  async eraseQuestions(which: QuestionsOf, record: (count: number) => Entry): Promise<number> {
    this.#parts.db.exec(OVERWRITE);
    return this.#write(() => {
      const count = this.#approvals.erase(which);
      if (count > 0) this.#attempts.link(record(count));
      return count;
    });
  }

  async flushLog(): Promise<boolean> {
    await this.synced();
    return this.#read(() => this.#parts.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get()?.['busy'] === 0);
  }

  links(): AsyncIterable<StoredLink> {
    return this.#listing.links();
  }

  async prune(wish: PruneWish): Promise<Pruned> {
    this.#usable();
    return this.#signing.prune(wish);
  }

  async firstUndelivered(exports: ReadonlySet<string> | 'all'): Promise<number> {
    return this.#signing.plan.firstUndelivered(exports);
  }

  tokenHashes(): Promise<ReadonlyMap<string, string>> {
    return this.#read(() => tokensIn(this.#tokens.all()));
  }

  async saveTokenHashes(hashes: ReadonlyMap<string, string>): Promise<void> {
    await this.#write(() => {
      this.#forgetTokens.run();
      for (const [grant, hash] of hashes) this.#saveToken.run(grant, hash);
    });
  }

  pins(server: string): Promise<ServerPins> {
    return this.#read(() => this.#pins.of(server));
  }

  pinEditions(): Promise<ReadonlyMap<string, number>> {
    return this.#read(() => this.#pins.editions());
  }

  changePins(server: string, plan: PlanPins): Promise<ServerPins> {
    return this.#settled(() => this.#attempts.pins(server, plan));
  }

  approval(id: string): Promise<Approval | undefined> {
    return this.#read(() => this.#approvals.find(id));
  }

  approvals(filter: ApprovalFilter): Promise<readonly Approval[]> {
    return this.#read(() => this.#approvals.list(filter));
  }

  lastUsed(server: string, name: string, except: string): Promise<Approval | undefined> {
    return this.#read(() => this.#approvals.lastUsed(server, name, except));
  }

  approvalEdition(): Promise<number> {
    return this.#read(() => this.#approvals.edition());
  }

  changedSince(edition: number, limit: number): Promise<readonly ChangedApproval[]> {
    return this.#read(() => this.#approvals.changedSince(edition, limit));
  }

  tickNow(clock: TransactionClock): Promise<number> {
    return this.#read(() => this.#lead.peek(clock));
  }

  changeApproval(id: string, clock: TransactionClock, plan: PlanApproval): Promise<Approval | undefined> {
    return this.#settled(() => this.#attempts.approval(id, clock, plan));
  }

  async expireApprovals(clock: TransactionClock, plan: PlanExpiry): Promise<number> {
    // Mostly there is nothing to do, and nobody need wait for the lock.
    if (!(await this.#read(() => this.#attempts.isExpiryDue(clock)))) return 0;
    const { count, fault } = await this.#settled(() => this.#attempts.expiry(clock, plan));
    if (fault !== undefined) throw fault;
    return count;
  }

  async forgetApprovals(before: number): Promise<void> {
    for (;;) {
      const forgotten = await this.#write(() => this.#approvals.forget(before));
      if (forgotten < APPROVAL_ROWS) return;
    }
  }

  announce(records: readonly Entry[], notices: readonly Notice[]): Promise<void> {
    return this.#settled(() => this.#attempts.announce({ approvals: [], records, notices }));
  }

  async takeNotices(
    hooks: readonly string[],
    now: number,
    leaseMs: number,
    limit: number,
  ): Promise<readonly DueNotice[]> {
    if (!(await this.#read(() => this.#notices.isAnyDue(hooks, now)))) return [];
    return this.#write(() => this.#notices.take(hooks, now, now + leaseMs, limit));
  }

  /** Takes notices that are older than `before`, whatever their hook: of one that nobody delivers to any more, too. */
  takeOldNotices(before: number, now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]> {
    return this.#write(() => this.#notices.takeOld(before, now, now + leaseMs, limit));
  }

  async settleNotice(id: string, outcome: NoticeOutcome): Promise<void> {
    await this.#write(() => {
      if ('again' in outcome) this.#notices.again(id, outcome.again);
      // Of two that delivered the same one the first has told of it.
      else if (this.#notices.remove(id) && outcome.record !== undefined) this.#attempts.link(outcome.record);
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#group.drained();
    await this.sealing?.close();
    // A sync that failed was reported when it failed; the rest is to be let go all the same.
    await this.#parts.walSync.now().catch(() => {});
    await this.#parts.checkpointer.close();
    // The last connection of all processes moves the log into the database and removes it.
    this.#parts.db.close();
    await this.#parts.release();
  }

  #read<T>(look: () => T): Promise<T> {
    return patiently(this.#parts.path, () => {
      this.#usable();
      return look();
    });
  }

  /** Writes what may fail by itself; with `before-send`, onto the disk. */
  async #settled<T>(attempt: () => Tried<T>): Promise<T> {
    const tried = await this.#write(attempt);
    if (tried.kind === 'failed') throw tried.error;
    if (this.#parts.sync === 'before-send') await this.#parts.walSync.now();
    return tried.value;
  }

  async #write<T>(work: () => T): Promise<T> {
    this.#usable();
    return this.#queued(work);
  }

  #queued<T>(work: () => T): Promise<T> {
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

  #committed(): void {
    this.#parts.walSync.wrote();
    this.sealing?.wrote(this.#chain.takeFresh());
    this.#parts.checkpointer.wrote(this.#attempts.takeCharacters());
  }

  #forget(): void {
    this.#counters.forget();
    this.#lead.forget();
    this.#chain.forget();
    this.#values.forget();
    this.#attempts.takeCharacters();
  }

  get #signing(): Sealing {
    if (this.sealing !== undefined) return this.sealing;
    throw new StoreFault(`store ${this.#parts.path}: nothing signs its log, so nothing of it can be removed`);
  }

  #usable(): void {
    if (this.#closing !== undefined) throw new StoreFault(`store ${this.#parts.path}: it is closed`);
  }
}
