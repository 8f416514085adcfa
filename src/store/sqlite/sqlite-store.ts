import type { Approval } from '../../gateway/approvals/approval.ts';
import type {
  ApprovalFilter,
  ApprovalStore,
  ChangedApproval,
  DueNotice,
  Notice,
  TransactionClock,
} from '../../gateway/approvals/approval-ports.ts';
import type { LogPruning, LogReading, Pruned, PruneWish, StoredLink } from '../../gateway/audit/audit-ports.ts';
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
import { Attempts, type PlanApproval, type PlanExpiry, type PlanPins } from './attempts.ts';
import { Chain } from './chain.ts';
import { Counters } from './counters.ts';
import { ExportTable } from './export-table.ts';
import { KeptValues } from './kept-values.ts';
import { Listing } from './listing.ts';
import { Notices } from './notices.ts';
import { Pins } from './pins.ts';
import { heldBy } from './receipt.ts';
import type { Sealing } from './sealing.ts';
import { SharedLead } from './shared-lead.ts';
import type { Parts } from './store-parts.ts';
import { Tokens } from './tokens.ts';
import { Transactions } from './transactions.ts';
import { ValueStore } from './value-store.ts';

type NoticeOutcome = Parameters<ApprovalStore['settleNotice']>[1];

/** The embedded store, writing. */
export class SqliteStore implements Store, PinStore, ApprovalStore, LogReading, LogPruning {
  readonly #parts: Parts;
  readonly #counters: Counters;
  readonly #lead: SharedLead;
  readonly #chain: Chain;
  readonly #pins: Pins;
  readonly #approvals: Approvals;
  readonly #notices: Notices;
  readonly #values: KeptValues;
  readonly #attempts: Attempts;
  readonly #transactions: Transactions;
  readonly #listing: Listing;
  readonly #tokens: Tokens;
  /** Undefined where nothing is signed. */
  readonly sealing: Sealing | undefined;
  readonly exports: ExportTable;
  /** Arguments that are kept whole. */
  readonly kept: ValueStore;
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
    this.#transactions = new Transactions(parts, {
      begin: () => {
        if (this.#counters.begin() === 'changed') this.#lead.forget();
      },
      finish: () => this.#counters.flush(),
      committed: () => this.#committed(),
      forget: () => this.#forget(),
    });
    this.#listing = new Listing(path, db, undefined, () => this.#transactions.usable());
    this.#tokens = new Tokens(db);
    this.sealing = parts.sealing?.({
      write: (work) => this.#transactions.queued(work),
      changed: (bytes) => this.#attempts.changed(bytes),
    });
    this.exports = new ExportTable(db, this.#transactions);
    this.kept = new ValueStore({
      db,
      values: this.#values,
      approvals: this.#approvals,
      listing: this.#listing,
      attempts: this.#attempts,
      transactions: this.#transactions,
    });
  }

  commit(pass: Pass): Promise<Committed> {
    return this.#transactions.settled(() => this.#attempts.pass(pass));
  }

  async append(entry: Entry, refund: Receipt | undefined): Promise<void> {
    const held = refund === undefined ? undefined : heldBy(this.#counters, refund);
    let undo: (() => void) | undefined;
    try {
      await this.#transactions.write(() => {
        undo = held?.giveBack();
        this.#attempts.link(entry);
      });
    } catch (error) {
      undo?.();
      throw error;
    }
  }

  synced(): Promise<void> {
    return this.#transactions.synced();
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

  links(): AsyncIterable<StoredLink> {
    return this.#listing.links();
  }

  async prune(wish: PruneWish): Promise<Pruned> {
    this.#transactions.usable();
    return this.#signing.prune(wish);
  }

  async firstUndelivered(exports: ReadonlySet<string> | 'all'): Promise<number> {
    return this.#signing.plan.firstUndelivered(exports);
  }

  tokenHashes(): Promise<ReadonlyMap<string, string>> {
    return this.#transactions.read(() => this.#tokens.all());
  }

  saveTokenHashes(hashes: ReadonlyMap<string, string>): Promise<void> {
    return this.#transactions.write(() => this.#tokens.replace(hashes));
  }

  pins(server: string): Promise<ServerPins> {
    return this.#transactions.read(() => this.#pins.of(server));
  }

  pinEditions(): Promise<ReadonlyMap<string, number>> {
    return this.#transactions.read(() => this.#pins.editions());
  }

  changePins(server: string, plan: PlanPins): Promise<ServerPins> {
    return this.#transactions.settled(() => this.#attempts.pins(server, plan));
  }

  approval(id: string): Promise<Approval | undefined> {
    return this.#transactions.read(() => this.#approvals.find(id));
  }

  approvals(filter: ApprovalFilter): Promise<readonly Approval[]> {
    return this.#transactions.read(() => this.#approvals.list(filter));
  }

  lastUsed(server: string, name: string, except: string): Promise<Approval | undefined> {
    return this.#transactions.read(() => this.#approvals.lastUsed(server, name, except));
  }

  approvalEdition(): Promise<number> {
    return this.#transactions.read(() => this.#approvals.edition());
  }

  changedSince(edition: number, limit: number): Promise<readonly ChangedApproval[]> {
    return this.#transactions.read(() => this.#approvals.changedSince(edition, limit));
  }

  tickNow(clock: TransactionClock): Promise<number> {
    return this.#transactions.read(() => this.#lead.peek(clock));
  }

  changeApproval(id: string, clock: TransactionClock, plan: PlanApproval): Promise<Approval | undefined> {
    return this.#transactions.settled(() => this.#attempts.approval(id, clock, plan));
  }

  async expireApprovals(clock: TransactionClock, plan: PlanExpiry): Promise<number> {
    // Mostly there is nothing to do, and nobody need wait for the lock.
    if (!(await this.#transactions.read(() => this.#attempts.isExpiryDue(clock)))) return 0;
    const { count, fault } = await this.#transactions.settled(() => this.#attempts.expiry(clock, plan));
    if (fault !== undefined) throw fault;
    return count;
  }

  async forgetApprovals(before: number): Promise<void> {
    for (;;) {
      const forgotten = await this.#transactions.write(() => this.#approvals.forget(before));
      if (forgotten < APPROVAL_ROWS) return;
    }
  }

  announce(records: readonly Entry[], notices: readonly Notice[]): Promise<void> {
    return this.#transactions.settled(() => this.#attempts.announce({ approvals: [], records, notices }));
  }

  async takeNotices(
    hooks: readonly string[],
    now: number,
    leaseMs: number,
    limit: number,
  ): Promise<readonly DueNotice[]> {
    if (!(await this.#transactions.read(() => this.#notices.isAnyDue(hooks, now)))) return [];
    return this.#transactions.write(() => this.#notices.take(hooks, now, now + leaseMs, limit));
  }

  /** Takes notices that are older than `before`, whatever their hook: of one that nobody delivers to any more, too. */
  takeOldNotices(before: number, now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]> {
    return this.#transactions.write(() => this.#notices.takeOld(before, now, now + leaseMs, limit));
  }

  async settleNotice(id: string, outcome: NoticeOutcome): Promise<void> {
    await this.#transactions.write(() => {
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
    await this.#transactions.close();
    await this.sealing?.close();
    // A sync that failed was reported when it failed; the rest is to be let go all the same.
    await this.#parts.walSync.now().catch(() => {});
    await this.#parts.checkpointer.close();
    // The last connection of all processes moves the log into the database and removes it.
    this.#parts.db.close();
    await this.#parts.release();
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
}
