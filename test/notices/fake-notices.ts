import type { DueNotice, Notice } from '../../src/gateway/approvals/approval-ports.ts';
import { type Entry, StoreFault } from '../../src/gateway/ports.ts';
import type { NoticeStore } from '../../src/notices/courier.ts';

interface Row {
  readonly notice: Notice;
  attempts: number;
  due: number;
  held: boolean;
}

export interface FakeNotices extends NoticeStore {
  readonly records: Entry[];
  add(...notices: readonly Notice[]): void;
  /** Ids that are still kept. */
  kept(): readonly string[];
  /** How many were taken and not settled yet. */
  held(): number;
  /** Why nothing works at present; undefined when all does. */
  broken: string | undefined;
}

/** Keeps notices in memory, as the store's contract says. */
export function fakeNotices(): FakeNotices {
  const rows = new Map<string, Row>();
  const working = (): void => {
    if (store.broken !== undefined) throw new StoreFault(store.broken);
  };
  const take = (which: (row: Row) => boolean, now: number, leaseMs: number, limit: number): readonly DueNotice[] => {
    working();
    const due = [...rows.values()].filter((row) => row.due <= now && which(row)).slice(0, limit);
    for (const row of due) {
      row.due = now + leaseMs;
      row.held = true;
    }
    return due.map(({ notice, attempts }) => ({ ...notice, attempts }));
  };
  const store: FakeNotices = {
    records: [],
    broken: undefined,
    add(...notices) {
      for (const notice of notices) rows.set(notice.id, { notice, attempts: 0, due: notice.at, held: false });
    },
    kept: () => [...rows.keys()],
    held: () => [...rows.values()].filter(({ held }) => held).length,
    takeNotices: async (hooks, now, leaseMs, limit) =>
      take(({ notice }) => hooks.includes(notice.hook), now, leaseMs, limit),
    takeOldNotices: async (before, now, leaseMs, limit) =>
      take(({ notice }) => notice.at < before, now, leaseMs, limit),
    async settleNotice(id, outcome) {
      const row = rows.get(id);
      if (row !== undefined) row.held = false;
      working();
      if ('again' in outcome) {
        if (row === undefined) return;
        row.attempts += 1;
        row.due = outcome.again;
        return;
      }
      rows.delete(id);
      if (outcome.record !== undefined) store.records.push(outcome.record);
    },
  };
  return store;
}
