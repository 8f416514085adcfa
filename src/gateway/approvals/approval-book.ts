import { type Clock, type Crypto, StoreFault } from '../ports.ts';
import { stampNow } from '../stamp.ts';
import { type Approval, isOver } from './approval.ts';
import type { ApprovalStore } from './approval-ports.ts';
import type { Herald } from './herald.ts';
import { expiredOf } from './over-text.ts';
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
/** How many changes one look at the store tells. */
const MOST_CHANGES = 1_000;

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
  /** Up to where changes were heard of; undefined while nobody waits. */
  #edition: number | undefined;
  /** Those that are to be read whether changed or not: somebody began to wait, or it could not be read. */
  readonly #unread = new Set<string>();
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
    this.#unread.add(approval.id);
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
    this.#unread.clear();
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
      if (this.#isAnyLate(await this.store.tickNow(this.#options.clock))) await this.#expire();
      await this.#hearOfChanges();
      await this.#tellAll();
    } catch (fault) {
      this.#failed(fault);
    } finally {
      this.#isLooking = false;
    }
    if (this.#watches.size > 0) this.#later(this.#isWoken ? 0 : LOOK_EVERY_MS);
    else this.#edition = undefined;
  }

  /** Notes which of those that are waited for were changed. Reads none of them: they may be large, and others change all the time. */
  async #hearOfChanges(): Promise<void> {
    const edition = await this.store.approvalEdition();
    // A store that was put back to what it was tells nothing of what changed since.
    if (this.#edition === undefined || edition < this.#edition) {
      for (const id of this.#watches.keys()) this.#unread.add(id);
      this.#edition = edition;
    }
    while (this.#edition < edition) {
      const changed = await this.store.changedSince(this.#edition, MOST_CHANGES);
      for (const { id } of changed) if (this.#watches.has(id)) this.#unread.add(id);
      const last = changed.at(-1);
      this.#edition = last === undefined || changed.length < MOST_CHANGES ? edition : last.edition;
    }
  }

  async #tellAll(): Promise<void> {
    for (const id of [...this.#unread]) {
      this.#unread.delete(id);
      try {
        await this.#tell(id);
      } catch (fault) {
        this.#unread.add(id);
        this.#failed(fault);
      }
    }
  }

  async #tell(id: string): Promise<void> {
    if (!this.#watches.has(id)) return;
    const now = await this.store.approval(id);
    for (const watch of [...(this.#watches.get(id) ?? [])]) {
      if (now !== undefined && now.edition === watch.edition) continue;
      watch.edition = now?.edition ?? -1;
      watch.tell(now);
    }
  }

  /** Who waits goes on waiting; the call that follows says that the store is unavailable. */
  #failed(fault: unknown): void {
    if (!(fault instanceof StoreFault)) this.#options.log(`waiting for answers failed: ${wordsOf(fault)}`);
  }

  /** Those whose time has come are read whatever happens: one that was forgotten changes no more. */
  #isAnyLate(now: number): boolean {
    let isAny = false;
    for (const [id, watches] of this.#watches) {
      for (const { expires } of watches) {
        if (now < expires) continue;
        this.#unread.add(id);
        isAny = true;
      }
    }
    return isAny;
  }

  async #expire(): Promise<void> {
    const { clock, herald, log } = this.#options;
    const stamp = stampNow(this.#options);
    try {
      const count = await this.store.expireApprovals(clock, (late) => {
        const expired = late.map((one) => (isOver(one) ? one : expiredOf(one)));
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
