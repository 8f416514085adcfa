import type { Committed, Entry, Pass, Receipt, Store, Verdict } from '../../src/gateway/ports.ts';
import type { Reservation } from '../../src/policy/decision.ts';
import type { Journal } from './journal.ts';

export interface FakeStore extends Store {
  /** How a commit goes: `write` does it, at once and whole. Replaced by a test to fail, or to be late before or after. */
  onCommit: (write: () => Committed) => Promise<Committed>;
  onAppend: (write: () => void, entry: Entry) => Promise<void>;
  onSynced: () => Promise<void>;
  /** How much of a counter is used, over all keys. */
  used(counter: string): number;
}

/** Keeps records and counters in memory; its windows never pass. */
export function fakeStore(journal: Journal): FakeStore {
  const counters = new Map<string, number>();
  const receipts = new Map<string, readonly Reservation[]>();
  const addAll = (reservations: readonly Reservation[], sign: 1 | -1): void => {
    for (const { key, add } of reservations) counters.set(key, (counters.get(key) ?? 0) + sign * add);
  };

  function write(pass: Pass): Committed {
    const full = pass.reservations.find(({ key, add, max }) => (counters.get(key) ?? 0) + add > max);
    const verdict: Verdict =
      full === undefined ? { kind: 'reserved' } : { kind: 'exceeded', reservation: full, retryAfterMs: 30_000 };
    const body = pass.body(verdict);
    const receipt = { id: `receipt of ${pass.id}` };
    receipts.set(receipt.id, verdict.kind === 'reserved' ? pass.reservations : []);
    if (verdict.kind === 'reserved') addAll(pass.reservations, 1);
    journal.recorded(pass.id, 'call', body);
    return { verdict, receipt, limits: [] };
  }

  function append(entry: Entry, refund: Receipt | undefined): void {
    journal.recorded(entry.id, entry.kind, entry.body);
    if (refund === undefined) return;
    journal.refunded(refund.id);
    addAll(receipts.get(refund.id) ?? [], -1);
    receipts.delete(refund.id);
  }

  const store: FakeStore = {
    onCommit: async (act) => act(),
    onAppend: async (act) => act(),
    onSynced: async () => {},
    commit: (pass) => store.onCommit(() => write(pass)),
    append: (entry, refund) => store.onAppend(() => append(entry, refund), entry),
    synced: () => store.onSynced(),
    used: (counter) =>
      [...counters].filter(([key]) => key.includes(`"${counter}"`)).reduce((sum, [, used]) => sum + used, 0),
    async *newest() {},
    async *links() {},
    tokenHashes: async () => new Map(),
    saveTokenHashes: async () => {},
    close: async () => {},
  };
  return store;
}
