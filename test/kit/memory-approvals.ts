import { type Approval, isOver } from '../../src/gateway/approvals/approval.ts';
import type {
  ApprovalChanges,
  ApprovalFilter,
  ApprovalRuling,
  ApprovalStore,
  Consultation,
  DueNotice,
  KnownApprovals,
  Notice,
  TransactionClock,
} from '../../src/gateway/approvals/approval-ports.ts';
import { type Entry, StoreFault } from '../../src/gateway/ports.ts';
import { checkApproval } from '../../src/store/sqlite/approval-row.ts';

export interface MemoryApprovals extends ApprovalStore {
  /** Notices that are older than `before`, whatever their hook. */
  takeOldNotices(before: number, now: number, leaseMs: number, limit: number): Promise<readonly DueNotice[]>;
  /** What is kept, in the order of asking. */
  readonly kept: readonly Approval[];
  /** What was written beside, in order. */
  readonly records: readonly Entry[];
  /** What nobody has settled yet, the oldest first. */
  readonly notices: readonly DueNotice[];
  /** Why nothing works at present; undefined when all does. */
  broken: string | undefined;
  /** What a call is told of. */
  known(consultation: Consultation, tick: number): KnownApprovals;
  /** Writes all of it; throws before anything is written if it cannot be. */
  write(changes: ApprovalChanges, at: number): void;
  /** The same without writing. */
  check(changes: ApprovalChanges): void;
}

interface Row {
  readonly n: number;
  approval: Approval;
  over: number | undefined;
}

interface Waiting extends DueNotice {
  readonly due: number;
}

/** Keeps approvals and notices in memory, as the store's contract says. `onRecord` hears of every record. */
export function memoryApprovals(onRecord: (entry: Entry) => void = () => {}): MemoryApprovals {
  const rows = new Map<string, Row>();
  const waiting = new Map<string, Waiting>();
  const records: Entry[] = [];
  let edition = 0;

  const newest = (): Row[] => [...rows.values()].sort((a, b) => b.n - a.n);
  const working = (): void => {
    if (store.broken !== undefined) throw new StoreFault(store.broken);
  };

  function check({ approvals, notices }: ApprovalChanges): void {
    const ids = new Set(approvals.map(({ id }) => id));
    if (ids.size < approvals.length) throw new StoreFault('one approval twice');
    for (const approval of approvals) {
      checkApproval(approval);
      const before = rows.get(approval.id)?.approval;
      if (before !== undefined && isOver(before)) throw new StoreFault(`approval ${approval.id} is over`);
    }
    for (const { id, hook, event, body } of notices) {
      if (![id, hook, event, body].every((text) => text.isWellFormed())) throw new StoreFault(`notice ${id} is broken`);
    }
  }

  function write(changes: ApprovalChanges, at: number): void {
    check(changes);
    for (const approval of changes.approvals) {
      edition += 1;
      const before = rows.get(approval.id);
      rows.set(approval.id, {
        n: before?.n ?? edition,
        approval: { ...approval, edition },
        over: isOver(approval) ? at : undefined,
      });
    }
    for (const notice of changes.notices) addNotice(notice);
    for (const record of changes.records) link(record);
  }

  function addNotice(notice: Notice): void {
    if (!waiting.has(notice.id)) waiting.set(notice.id, { ...notice, attempts: 0, due: 0 });
  }

  function leased(isWanted: (one: Waiting) => boolean, until: number, limit: number): readonly DueNotice[] {
    const wanted = [...waiting.values()].filter(isWanted).slice(0, limit);
    for (const one of wanted) waiting.set(one.id, { ...one, due: until });
    return wanted.map(({ due: _, ...notice }) => notice);
  }

  function link(record: Entry): void {
    records.push(record);
    onRecord(record);
  }

  function known({ key, grant, server, name }: Consultation, tick: number): KnownApprovals {
    const all = newest().map(({ approval }) => approval);
    const same = all.filter((one) => one.key === key);
    const past = same.filter(isOver).slice(0, 20);
    const isPending = ({ state }: Approval): boolean => state === 'open' || state === 'denied' || state === 'void';
    const ofGrant = all.filter((one) => isPending(one) && one.subject.grant === grant && one.expires > tick);
    const isOfName = ({ subject }: Approval): boolean => subject.server === server && subject.name === name;
    return {
      same: same.filter((one) => !isOver(one) || past.includes(one)),
      siblings: all
        .filter((one) => one.state === 'approved' && one.key !== key && one.expires > tick)
        .filter((one) => one.subject.grant === grant && isOfName(one))
        .slice(0, 5),
      openOfGrant: ofGrant.length,
      openOfName: ofGrant.filter(isOfName).length,
    };
  }

  const store: MemoryApprovals = {
    broken: undefined,
    get kept() {
      return newest()
        .map(({ approval }) => approval)
        .reverse();
    },
    records,
    get notices() {
      return [...waiting.values()].map(({ due: _, ...notice }) => notice);
    },
    known,
    check,
    write,
    async approval(id) {
      working();
      return rows.get(id)?.approval;
    },
    async approvals({ which, grant, server, name, before, limit }: ApprovalFilter) {
      working();
      const edge = before === undefined ? Infinity : (rows.get(before)?.n ?? 0);
      const found = newest().filter(({ n, approval }) => {
        if (which === 'waiting' && approval.state !== 'open') return false;
        if (which === 'live' && isOver(approval)) return false;
        const { subject } = approval;
        if (n >= edge || (grant !== undefined && subject.grant !== grant)) return false;
        return (server === undefined || subject.server === server) && (name === undefined || subject.name === name);
      });
      return found.slice(0, limit).map(({ approval }) => approval);
    },
    async lastUsed(server, name, except) {
      working();
      return usedOnes(server, name).find(({ id }) => id !== except);
    },
    async approvalEdition() {
      working();
      return edition;
    },
    async changedSince(since, limit) {
      working();
      return [...rows.values()]
        .map(({ approval: { id, edition } }) => ({ id, edition }))
        .filter(({ edition }) => edition > since)
        .sort((a, b) => a.edition - b.edition)
        .slice(0, limit);
    },
    async tickNow(clock) {
      working();
      return clock.tick();
    },
    async changeApproval(id, clock: TransactionClock, plan) {
      working();
      const tick = clock.tick();
      const changes = plan(rows.get(id)?.approval, tick);
      if (changes !== undefined) write(changes, changes.records.at(-1)?.at ?? tick);
      return rows.get(id)?.approval;
    },
    async expireApprovals(clock, plan) {
      working();
      const tick = clock.tick();
      const late = [...rows.values()]
        .map(({ approval }) => approval)
        .filter((one) => !isOver(one) && one.expires <= tick)
        .sort((a, b) => a.expires - b.expires)
        .slice(0, 500);
      if (late.length === 0) return 0;
      const changes = plan(late, tick);
      write(changes, changes.records.at(-1)?.at ?? tick);
      return late.length;
    },
    async forgetApprovals(before) {
      working();
      const old = [...rows.values()].filter(({ over }) => over !== undefined && over < before);
      const dead = old.filter(({ approval: { id, state, subject } }) => {
        return state !== 'used' || usedOnes(subject.server, subject.name)[0]?.id !== id;
      });
      for (const { approval } of dead) rows.delete(approval.id);
      if (dead.length > 0) edition += 1;
    },
    async announce(entries, notices) {
      working();
      write({ approvals: [], records: entries, notices }, 0);
    },
    async takeNotices(hooks, now, leaseMs, limit) {
      working();
      return leased((one) => hooks.includes(one.hook) && one.due <= now, now + leaseMs, limit);
    },
    async takeOldNotices(before, now, leaseMs, limit) {
      working();
      return leased((one) => one.at < before && one.due <= now, now + leaseMs, limit);
    },
    async settleNotice(id, outcome) {
      working();
      const one = waiting.get(id);
      if (one === undefined) return;
      if ('again' in outcome) {
        waiting.set(id, { ...one, due: outcome.again, attempts: one.attempts + 1 });
        return;
      }
      waiting.delete(id);
      if (outcome.record !== undefined) link(outcome.record);
    },
  };

  function usedOnes(server: string, name: string): Approval[] {
    return [...rows.values()]
      .map(({ approval }) => approval)
      .filter(({ state, subject }) => state === 'used' && subject.server === server && subject.name === name)
      .sort((a, b) => b.edition - a.edition);
  }

  return store;
}

/** Runs a plan's consultation as a store does in its transaction. Writes nothing. */
export function consulted(
  approvals: MemoryApprovals,
  consultation: Consultation | undefined,
  tick: number,
): ApprovalRuling | undefined {
  if (consultation === undefined) return undefined;
  const ruling = consultation.settle(approvals.known(consultation, tick), tick);
  approvals.check(ruling);
  return ruling;
}
