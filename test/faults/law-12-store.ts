import type { ApprovalRuling, ApprovalStore, TransactionClock } from '../../src/gateway/approvals/approval-ports.ts';
import { type Pass, type Plan, type Receipt, type Store, StoreFault } from '../../src/gateway/ports.ts';
import type { Obj } from '../kit/json-rpc.ts';
import { atWork, type ChangeNote, type CommitNote, type Note, probeAtWork } from './law-12-ledger.ts';
import type { Machine } from './law-12-machine.ts';
import { never, type Turns } from './law-12-turns.ts';

export type WholeStore = Store & ApprovalStore;

/** How the next write of a process goes: it fails, or it is done and its answer is lost. */
export type Trouble = 'fail' | 'lost';

export interface DoorOptions {
  readonly process: number;
  readonly turns: Turns;
  readonly machine: Machine;
  readonly notes: Note[];
  isAlive(): boolean;
  takeTrouble(): Trouble | undefined;
  /** People who are none any more. */
  strangers(): readonly string[];
}

/** One process's way to the store: every use waits for its turn, and what is written is noted in the order of the transactions. */
export function doorTo(store: WholeStore, options: DoorOptions): WholeStore {
  const { process, turns, machine, notes } = options;
  const receipts = new WeakMap<Receipt, string>();

  async function use<T>(kind: 'read' | 'write', run: () => Promise<T>, undo: () => void = () => {}): Promise<T> {
    if (!options.isAlive()) return never();
    await turns.take(process);
    const trouble = kind === 'write' ? options.takeTrouble() : undefined;
    let value: T;
    try {
      if (trouble === 'fail') throw new StoreFault('the disk is full');
      value = await run();
    } catch (fault) {
      undo();
      if (trouble === undefined)
        notes.push({ what: 'trouble', told: fault instanceof Error ? fault.message : 'unknown' });
      throw fault;
    } finally {
      turns.done();
    }
    if (!options.isAlive()) return never();
    if (trouble === 'lost') throw new StoreFault('written, but the answer of the store was lost');
    // Who waits for the answer may hear of it late.
    if (kind === 'write' && !turns.isFlowing) {
      await turns.take(process);
      turns.done();
    }
    return value;
  }

  function commit(pass: Pass): ReturnType<Store['commit']> {
    const probe = probeAtWork();
    let noted: CommitNote | undefined;
    // Without a question the store alone knows the tick.
    let times: { readonly tick: number | undefined; readonly least: number } = { tick: undefined, least: 0 };
    const tick = (): number => {
      const least = machine.sample();
      times = { tick: undefined, least };
      return pass.tick();
    };
    const judge = (counts: ReadonlyMap<string, number>): Plan => {
      const plan = pass.judge(counts);
      let ruling: ApprovalRuling | undefined;
      const body: Plan['body'] = (verdict, shadow, at) => {
        const text = plan.body(verdict, shadow, at);
        const read = JSON.parse(text) as Obj;
        noted = {
          what: 'commit',
          probe,
          pass: pass.id,
          body: read,
          ruling,
          strangers: options.strangers(),
          ...times,
          isUndone: false,
        };
        notes.push(noted);
        return text;
      };
      if (plan.consult === undefined) return { ...plan, body };
      return {
        ...plan,
        body,
        consult(verdict) {
          const wanted = plan.consult?.(verdict);
          if (wanted === undefined) return undefined;
          return {
            ...wanted,
            settle(known, at) {
              times = { ...times, tick: at };
              ruling = wanted.settle(known, at);
              return ruling;
            },
          };
        },
      };
    };
    const undo = (): void => {
      if (noted !== undefined) noted.isUndone = true;
    };
    return use(
      'write',
      async () => {
        const committed = await store.commit({ ...pass, tick, judge });
        receipts.set(committed.receipt, pass.id);
        return committed;
      },
      undo,
    );
  }

  const sampled = (clock: TransactionClock, hear: (least: number) => void): TransactionClock => ({
    tick() {
      hear(machine.sample());
      return clock.tick();
    },
    lead: () => clock.lead(),
  });

  return {
    ...delegated(store),
    commit,
    append: (entry, refund) =>
      use('write', async () => {
        await store.append(entry, refund);
        const pass = refund === undefined ? undefined : receipts.get(refund);
        if (pass !== undefined) notes.push({ what: 'refund', pass });
      }),
    approval: (id) => use('read', () => store.approval(id)),
    approvals: (filter) => use('read', () => store.approvals(filter)),
    lastUsed: (server, name, except) => use('read', () => store.lastUsed(server, name, except)),
    approvalEdition: () => use('read', () => store.approvalEdition()),
    changedSince: (edition, limit) => use('read', () => store.changedSince(edition, limit)),
    tickNow: (clock) => use('read', () => store.tickNow(clock)),
    changeApproval(id, clock, plan) {
      const actor = atWork.getStore();
      let noted: ChangeNote | undefined;
      let least = 0;
      const watched: typeof plan = (now, tick) => {
        const changes = plan(now, tick);
        if (changes === undefined) return undefined;
        noted = { what: 'change', actor, changes, tick, least, isUndone: false };
        notes.push(noted);
        return changes;
      };
      return use(
        'write',
        () =>
          store.changeApproval(
            id,
            sampled(clock, (at) => (least = at)),
            watched,
          ),
        () => {
          if (noted !== undefined) noted.isUndone = true;
        },
      );
    },
    expireApprovals(clock, plan) {
      let noted: ChangeNote | undefined;
      let least = 0;
      const watched: typeof plan = (late, tick) => {
        const changes = plan(late, tick);
        noted = { what: 'change', actor: undefined, changes, tick, least, isUndone: false };
        notes.push(noted);
        return changes;
      };
      return use(
        'write',
        () =>
          store.expireApprovals(
            sampled(clock, (at) => (least = at)),
            watched,
          ),
        () => {
          if (noted !== undefined) noted.isUndone = true;
        },
      );
    },
    announce: (records, notices) => use('write', () => store.announce(records, notices)),
  };
}

function delegated(store: WholeStore): WholeStore {
  return {
    commit: (pass) => store.commit(pass),
    append: (entry, refund) => store.append(entry, refund),
    synced: () => store.synced(),
    newest: (limit) => store.newest(limit),
    links: () => store.links(),
    tokenHashes: () => store.tokenHashes(),
    saveTokenHashes: (hashes) => store.saveTokenHashes(hashes),
    approval: (id) => store.approval(id),
    approvals: (filter) => store.approvals(filter),
    lastUsed: (server, name, except) => store.lastUsed(server, name, except),
    approvalEdition: () => store.approvalEdition(),
    changedSince: (edition, limit) => store.changedSince(edition, limit),
    tickNow: (clock) => store.tickNow(clock),
    changeApproval: (id, clock, plan) => store.changeApproval(id, clock, plan),
    expireApprovals: (clock, plan) => store.expireApprovals(clock, plan),
    forgetApprovals: (before) => store.forgetApprovals(before),
    announce: (records, notices) => store.announce(records, notices),
    takeNotices: (hooks, now, leaseMs, limit) => store.takeNotices(hooks, now, leaseMs, limit),
    takeOldNotices: (before, now, leaseMs, limit) => store.takeOldNotices(before, now, leaseMs, limit),
    settleNotice: (id, outcome) => store.settleNotice(id, outcome),
    close: () => store.close(),
  };
}
