import { type Clock, type Crypto, StoreFault } from '../ports.ts';
import { type Approval, isOver } from './approval.ts';
import type { ApprovalStore } from './approval-ports.ts';
import type { Herald } from './herald.ts';
import { approvalRecord } from './records.ts';

export interface ApprovalBookOptions {
  readonly store: ApprovalStore;
  readonly clock: Clock;
  readonly crypto: Crypto;
  readonly herald: Herald;
  /** Notices may have been written: deliver them soon. */
  onNotices(): void;
  log(line: string): void;
}

/** While somebody waits, the store is asked so often whether anything was answered, also by other processes. */
const LOOK_EVERY_MS = 250;
const SWEEP_EVERY_MS = 5_000;

interface Watch {
  edition: number;
  expires: number;
  tell(approval: Approval | undefined): void;
}

/** Questions to people as one process knows them: the store, and who waits for an answer. */
export class ApprovalBook {
  readonly store: ApprovalStore;
  readonly herald: Herald;
  readonly #options: ApprovalBookOptions;
  readonly #watches = new Map<string, Set<Watch>>();
  #stopLooking: (() => void) | undefined;
  #isLooking = false;
  #isWoken = false;
  #edition = -1;
  #sweptAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(options: ApprovalBookOptions) {
    this.#options = options;
    this.store = options.store;
    this.herald = options.herald;
  }

  /** Tells of every change of an approval, beginning with what it is now if that is another edition, until the answer is called. */
  watch(approval: Approval, tell: (now: Approval | undefined) => void): () => void {
    const watch: Watch = { edition: approval.edition, expires: approval.expires, tell };
    const watches = this.#watches.get(approval.id) ?? new Set();
    watches.add(watch);
    this.#watches.set(approval.id, watches);
    this.#edition = -1;
    this.#later(0);
    return () => {
      watches.delete(watch);
      if (watches.size === 0 && this.#watches.get(approval.id) === watches) this.#watches.delete(approval.id);
    };
  }

  /** Something was asked or answered here: who waits hears of it at once. */
  poke(): void {
    this.#options.onNotices();
    if (this.#watches.size > 0) this.#later(0);
  }

  /** Ends what nobody answered in time. Never rejects. */
  async sweep(): Promise<void> {
    const { clock } = this.#options;
    const now = clock.tick();
    if (now - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = now;
    await this.#expire();
  }

  close(): void {
    this.#isClosed = true;
    this.#stopLooking?.();
    this.#watches.clear();
  }

  #later(ms: number): void {
    if (this.#isClosed) return;
    if (this.#isLooking) {
      this.#isWoken ||= ms === 0;
      return;
    }
    this.#stopLooking?.();
    this.#stopLooking = this.#options.clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#stopLooking = undefined;
    this.#isLooking = true;
    this.#isWoken = false;
    try {
      if (this.#isAnyLate()) await this.#expire();
      const edition = await this.store.approvalEdition();
      if (edition !== this.#edition) {
        this.#edition = edition;
        await Promise.all([...this.#watches].map(([id, watches]) => this.#tell(id, watches)));
      }
    } catch (fault) {
      // Who waits goes on waiting; the call that follows says that the store is unavailable.
      this.#edition = -1;
      if (!(fault instanceof StoreFault)) this.#options.log(`waiting for answers failed: ${wordsOf(fault)}`);
    } finally {
      this.#isLooking = false;
    }
    if (this.#watches.size > 0) this.#later(this.#isWoken ? 0 : LOOK_EVERY_MS);
  }

  async #tell(id: string, watches: ReadonlySet<Watch>): Promise<void> {
    const now = await this.store.approval(id);
    for (const watch of [...watches]) {
      if (now !== undefined && now.edition === watch.edition) continue;
      watch.edition = now?.edition ?? -1;
      watch.tell(now);
    }
  }

  #isAnyLate(): boolean {
    const now = this.#options.clock.tick();
    for (const watches of this.#watches.values()) for (const { expires } of watches) if (now >= expires) return true;
    return false;
  }

  async #expire(): Promise<void> {
    const { clock, crypto, herald, log } = this.#options;
    const stamp = { at: clock.now(), id: () => crypto.id() };
    try {
      const count = await this.store.expireApprovals(clock, (late) => {
        const expired = late.map((one) => expiredOf(one));
        return {
          approvals: expired,
          records: expired.map((one) => approvalRecord(stamp, 'approval expired', one)),
          notices: expired.flatMap((one) => herald.tell('approval.expired', one, stamp)),
        };
      });
      if (count > 0) this.poke();
    } catch (fault) {
      log(`questions that expired are not recorded yet: ${wordsOf(fault)}`);
    }
  }
}

function wordsOf(fault: unknown): string {
  return fault instanceof Error ? fault.message : String(fault);
}

function expiredOf(approval: Approval): Approval {
  if (isOver(approval)) return approval;
  const why = approval.state === 'approved' ? 'it was approved, and not used in time' : 'nobody answered in time';
  return { ...approval, state: 'expired', why };
}
