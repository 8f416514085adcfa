import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { fakeStore } from './fake-store.ts';
import { journal } from './journal.ts';
import { act, paced } from './law-12-acts.ts';
import { Judge } from './law-12-judge.ts';
import type { WholeStore } from './law-12-store.ts';
import type { Story } from './law-12-story.ts';
import { type Ground, Town } from './law-12-town.ts';

/** One store in memory, which all processes of a town share and which outlives them. */
export function inMemory(): Ground {
  const { approvals, ...store } = fakeStore(journal());
  const whole: WholeStore = {
    ...store,
    approval: (id) => approvals.approval(id),
    approvals: (filter) => approvals.approvals(filter),
    lastUsed: (server, name, except) => approvals.lastUsed(server, name, except),
    approvalEdition: () => approvals.approvalEdition(),
    changeApproval: (id, clock, plan) => approvals.changeApproval(id, clock, plan),
    expireApprovals: (clock, plan) => approvals.expireApprovals(clock, plan),
    forgetApprovals: (before) => approvals.forgetApprovals(before),
    announce: (records, notices) => approvals.announce(records, notices),
    takeNotices: (hooks, now, leaseMs, limit) => approvals.takeNotices(hooks, now, leaseMs, limit),
    takeOldNotices: (before, now, leaseMs, limit) => approvals.takeOldNotices(before, now, leaseMs, limit),
    settleNotice: (id, outcome) => approvals.settleNotice(id, outcome),
    close: async () => {},
  };
  return { open: async () => whole, sharedLead: { ms: Number.NEGATIVE_INFINITY } };
}

/** A store on the disk: every process has its own way in, and opens it anew when it begins again. */
export function onDisk(folder: string): Ground {
  const open = (): Promise<WholeStore> =>
    openSqliteStore({ folder, sync: 'interval', clock: { now: () => 0 }, onFault() {} });
  return { open, sharedLead: undefined };
}

/** Lives through a story; gives what must not have happened. `seen` is told what did. */
export async function live(
  ground: Ground,
  { rules, mood, steps }: Story,
  seen: Map<string, number>,
): Promise<readonly string[]> {
  const town = await Town.open(ground);
  town.rules = rules;
  town.mood = mood;
  const judge = new Judge();
  try {
    for (const [step, pace] of steps) {
      await act(town, step);
      await paced(town, pace);
      judge.take(town.notes);
    }
    await town.calm();
    judge.take(town.notes);
    judge.compare(await town.rows());
  } finally {
    await town.close();
  }
  for (const [what, count] of judge.seen) seen.set(what, (seen.get(what) ?? 0) + count);
  return judge.faults;
}
