import type { Approval } from '../../gateway/approvals/approval.ts';
import type {
  ApprovalFilter,
  ApprovalStore,
  ChangedApproval,
  TransactionClock,
} from '../../gateway/approvals/approval-ports.ts';
import type {
  AuditLog,
  DecidedRecord,
  KeptValue,
  Pruned,
  PruneWish,
  RemovedLink,
  StoredLink,
  StoredSeal,
  ValueKeeping,
  ValueReading,
  WrappedKey,
} from '../../gateway/audit/audit-ports.ts';
import type { ExportPlaces } from '../../gateway/audit/export-ports.ts';
import { NEVER_USED, type ServerPins } from '../../gateway/pins/server-pins.ts';
import type { ListedRecord, PinStore, PlacedRecord, Store } from '../../gateway/ports.ts';
import { StoreFault } from '../../gateway/ports.ts';
import { Approvals } from './approvals.ts';
import type { Database } from './driver.ts';
import { ExportTable } from './export-table.ts';
import { patiently } from './fault.ts';
import { KeptValues } from './kept-values.ts';
import { Listing } from './listing.ts';
import { Pins } from './pins.ts';
import { foresee, PrunePlan } from './prune-plan.ts';
import { Removed } from './removed.ts';
import { hasTable } from './schema.ts';
import { Seals } from './seals.ts';
import { SharedLead } from './shared-lead.ts';
import { Tokens } from './tokens.ts';

/** The embedded store for those who only look: it works beside running gateways and writes nothing. */
export class ReadingStore implements Store, AuditLog, PinStore, ApprovalStore, ValueKeeping {
  readonly #path: string;
  readonly #db: Database;
  readonly #listing: Listing;
  readonly #tokens: Tokens;
  /** Undefined in a folder of an older version. */
  readonly #pins: Pins | undefined;
  readonly #approvals: Approvals | undefined;
  readonly #removed: Removed | undefined;
  readonly #lead: SharedLead;
  readonly #values: KeptValues | undefined;
  /** Undefined in a folder of an older version. */
  readonly #exports: ExportTable | undefined;
  #closed = false;

  constructor(path: string, db: Database) {
    this.#path = path;
    this.#db = db;
    this.#listing = new Listing(path, db, hasTable(db, 'seal') ? new Seals(db) : undefined, () => this.#usable());
    this.#tokens = new Tokens(db);
    this.#pins = hasTable(db, 'pin_server') ? new Pins(db) : undefined;
    this.#removed = hasTable(db, 'removed') ? new Removed(db) : undefined;
    this.#lead = new SharedLead(db);
    this.#values = hasTable(db, 'value') ? new KeptValues(db) : undefined;
    this.#approvals = hasTable(db, 'approval') ? new Approvals(db) : undefined;
    const ways = { read: <T>(look: () => T) => this.#read(look), write: () => this.#refuse() };
    this.#exports = hasTable(db, 'export_cursor') ? new ExportTable(db, ways) : undefined;
  }

  get exports(): ExportPlaces {
    const refuse = (): Promise<never> => this.#refuse();
    return (
      this.#exports ?? { begin: refuse, take: refuse, advance: refuse, release: refuse, all: async () => new Map() }
    );
  }

  /** What reads is here; what changes is refused. */
  get kept(): ValueReading & ValueKeeping {
    return this;
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

  changeApproval(): Promise<never> {
    return this.#refuse();
  }

  expireApprovals(): Promise<never> {
    return this.#refuse();
  }

  forgetApprovals(): Promise<never> {
    return this.#refuse();
  }

  prune(): Promise<never> {
    return this.#refuse();
  }

  rewrap(): Promise<never> {
    return this.#refuse();
  }

  erase(): Promise<never> {
    return this.#refuse();
  }

  eraseQuestions(): Promise<never> {
    return this.#refuse();
  }

  flushLog(): Promise<never> {
    return this.#refuse();
  }

  announce(): Promise<never> {
    return this.#refuse();
  }

  takeOldNotices(): Promise<never> {
    return this.#refuse();
  }

  takeNotices(): Promise<never> {
    return this.#refuse();
  }

  settleNotice(): Promise<never> {
    return this.#refuse();
  }

  pins(server: string): Promise<ServerPins> {
    return this.#read(() => this.#pins?.of(server) ?? NEVER_USED);
  }

  pinEditions(): Promise<ReadonlyMap<string, number>> {
    return this.#read(() => this.#pins?.editions() ?? new Map());
  }

  approval(id: string): Promise<Approval | undefined> {
    return this.#read(() => this.#approvals?.find(id));
  }

  approvals(filter: ApprovalFilter): Promise<readonly Approval[]> {
    return this.#read(() => this.#approvals?.list(filter) ?? []);
  }

  lastUsed(server: string, name: string, except: string): Promise<Approval | undefined> {
    return this.#read(() => this.#approvals?.lastUsed(server, name, except));
  }

  approvalEdition(): Promise<number> {
    return this.#read(() => this.#approvals?.edition() ?? 0);
  }

  changedSince(edition: number, limit: number): Promise<readonly ChangedApproval[]> {
    return this.#read(() => this.#approvals?.changedSince(edition, limit) ?? []);
  }

  tickNow(clock: TransactionClock): Promise<number> {
    return this.#read(() => this.#lead.peek(clock));
  }

  async synced(): Promise<void> {
    this.#usable();
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
    return this.#read(() => this.#values?.between(first, last) ?? new Map());
  }

  valueOf(writer: string, seq: number): Promise<KeptValue | undefined> {
    return this.#read(() => this.#values?.of(writer, seq));
  }

  withValues(n: number, limit: number): Promise<readonly PlacedRecord[]> {
    return this.#listing.withValues(n, limit);
  }

  valueKeys(): Promise<readonly WrappedKey[]> {
    return this.#read(() => this.#values?.keys() ?? []);
  }

  decided(n: number, limit: number): Promise<readonly DecidedRecord[]> {
    return this.#listing.decided(n, limit);
  }

  givenBack(n: number): Promise<ReadonlySet<string>> {
    return this.#listing.givenBack(n);
  }

  first(): Promise<Pick<PlacedRecord, 'n' | 'at'> | undefined> {
    return this.#listing.first();
  }

  links(after?: ReadonlyMap<string, number>): AsyncIterable<StoredLink> {
    return this.#listing.links(after);
  }

  linksOf(writer: string): AsyncIterable<StoredLink> {
    return this.#listing.linksOf(writer);
  }

  linksWith(id: string): Promise<readonly StoredLink[]> {
    return this.#listing.linksWith(id);
  }

  seals(): AsyncIterable<StoredSeal> | undefined {
    return this.#listing.seals();
  }

  removed(): Promise<ReadonlyMap<string, RemovedLink>> {
    return this.#read(() => this.#removed?.all() ?? new Map());
  }

  async foresee(wish: PruneWish): Promise<Pruned> {
    return foresee(this.#planned(), wish);
  }

  async firstUndelivered(exports: ReadonlySet<string> | 'all'): Promise<number> {
    return this.#planned().firstUndelivered(exports);
  }

  /** INVARIANT: the log cannot begin anew on the disk before this is closed: it is for what ends soon. */
  freeze(): Promise<void> {
    return this.#read(() => this.#db.exec('BEGIN'));
  }

  tokenHashes(): Promise<ReadonlyMap<string, string>> {
    return this.#read(() => this.#tokens.all());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#db.close();
  }

  #planned(): PrunePlan {
    if (this.#removed === undefined) {
      throw new StoreFault(
        `store ${this.#path}: it is of an older version; start the gateway once with this data folder`,
      );
    }
    return new PrunePlan({ db: this.#db, seals: new Seals(this.#db), read: (look) => this.#read(look) });
  }

  #read<T>(look: () => T): Promise<T> {
    return patiently(this.#path, () => {
      this.#usable();
      return look();
    });
  }

  #usable(): void {
    if (this.#closed) throw new StoreFault(`store ${this.#path}: it is closed`);
  }

  async #refuse(): Promise<never> {
    throw new StoreFault(`store ${this.#path}: it was opened for reading only`);
  }
}
