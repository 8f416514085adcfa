import type { ApprovalRuling } from '../../src/gateway/approvals/approval-ports.ts';
import type { Committed, Entry, Pass, Plan, Receipt, Store } from '../../src/gateway/ports.ts';
import { StoreFault } from '../../src/gateway/ports.ts';
import { memoryCounters } from '../../src/policy/count/memory-counters.ts';
import type { Reservation } from '../../src/policy/decision.ts';
import { consulted, type MemoryApprovals, memoryApprovals } from '../kit/memory-approvals.ts';
import type { Journal } from './journal.ts';

export interface FakeStore extends Store {
  /** Questions to people; the records of them are in the journal. */
  readonly approvals: MemoryApprovals;
  /** How a commit goes: `write` does it, at once and whole. Replaced by a test to fail, or to be late before or after. */
  onCommit: (write: () => Committed) => Promise<Committed>;
  onAppend: (write: () => void, entry: Entry) => Promise<void>;
  onSynced: () => Promise<void>;
  /** How much of a counter is used, over all keys. */
  used(counter: string): number;
}

/** For this store it is always the same time, so that its sliding windows never pass. */
const NOW = { tick: 0, at: 0 };

/** Keeps records and counters in memory. */
export function fakeStore(journal: Journal): FakeStore {
  const counters = memoryCounters();
  const seen = new Map<string, Reservation>();
  const receipts = new Map<string, () => void>();
  const approvals = memoryApprovals(({ id, kind, body }) => journal.recorded(id, kind, body));

  function write(pass: Pass): Committed {
    let plan: Plan | undefined;
    let ruling: ApprovalRuling | undefined;
    const judge = (counts: ReadonlyMap<string, number>): Plan => {
      plan = pass.judge(counts);
      for (const reservation of plan.reservations) seen.set(reservation.key, reservation);
      return plan;
    };
    const tick = pass.tick();
    const { giveBack, ...answer } = counters.commit(NOW, pass.counts, judge, (verdict) => {
      ruling = consulted(approvals, plan?.consult?.(verdict), tick);
      return ruling?.effect;
    });
    const { verdict, shadow } = answer;
    const receipt = { id: `receipt of ${pass.id}` };
    try {
      if (ruling?.effect === 'pass' && verdict.kind === 'exceeded') throw new StoreFault('a limit denies');
      const body = plan?.body(verdict, shadow, tick) ?? '{}';
      journal.recorded(pass.id, 'call', body);
    } catch (error) {
      giveBack();
      throw error;
    }
    if (ruling !== undefined) approvals.write(ruling, pass.at);
    receipts.set(receipt.id, giveBack);
    return { ...answer, receipt };
  }

  function append(entry: Entry, refund: Receipt | undefined): void {
    journal.recorded(entry.id, entry.kind, entry.body);
    if (refund === undefined) return;
    journal.refunded(refund.id);
    receipts.get(refund.id)?.();
  }

  function used(counter: string): number {
    const reservations = [...seen.values()].filter((one) => one.counter === counter);
    const asked = { reservations, mode: 'check' as const, tallies: [], shadow: [] };
    const { limits } = counters.commit(NOW, [], () => asked);
    return limits.reduce((sum, one) => sum + one.used, 0);
  }

  const store: FakeStore = {
    approvals,
    onCommit: async (act) => act(),
    onAppend: async (act) => act(),
    onSynced: async () => {},
    commit: (pass) => store.onCommit(() => write(pass)),
    append: (entry, refund) => store.onAppend(() => append(entry, refund), entry),
    synced: () => store.onSynced(),
    used,
    async *newest() {},
    async *links() {},
    tokenHashes: async () => new Map(),
    saveTokenHashes: async () => {},
    close: async () => {},
  };
  return store;
}
