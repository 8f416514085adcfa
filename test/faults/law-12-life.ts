import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import type { JsonObject } from '../../src/wire/json.ts';
import { canonicalJson } from '../../src/wire/write-json.ts';
import { type Obj, objAt } from '../kit/json-rpc.ts';
import { fakeStore } from './fake-store.ts';
import { journal } from './journal.ts';
import { act, call, paced } from './law-12-acts.ts';
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
    changedSince: (edition, limit) => approvals.changedSince(edition, limit),
    tickNow: (clock) => approvals.tickNow(clock),
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
  const judge = new Judge();
  town.rules = rules;
  town.mood = mood;
  try {
    for (const [step, pace] of steps) {
      await act(town, step);
      await paced(town, pace);
      judge.take(town.notes);
    }
    await town.calm();
    judge.take(town.notes);
    await useUp(town, judge);
    judge.compare(await town.rows());
    await compareRecords(town, judge);
  } finally {
    await town.close();
  }
  for (const [what, count] of judge.seen) seen.set(what, (seen.get(what) ?? 0) + count);
  return judge.faults;
}

/** What was approved, and of which nothing has changed, is sent when it is asked for: all this would be easy for a gateway that sends nothing. */
async function useUp(town: Town, judge: Judge): Promise<void> {
  town.mood = 'answers';
  town.revoked.clear();
  for (const process of town.processes) process.trouble = undefined;
  const unused = (of: string): number =>
    [...judge.known.values()].filter(({ row: { key, state } }) => key === of && state === 'approved').length;
  for (const { id, key, subject, expires } of await town.rows()) {
    const now = Math.max(judge.tick, town.process(0).clock.tick());
    const isApproved = judge.known.get(id)?.row.state === 'approved';
    if (!isApproved || now >= expires || !judge.isGood(id, town)) continue;
    const { grant, server, name, params } = subject;
    // What was given back stands beside what was approved since: one of them is used.
    const before = unused(key);
    call(town, town.seat(0, grant, server, 'ticket'), JSON.parse(params) as Obj, { isTold: false });
    await town.calm();
    judge.take(town.notes);
    if (unused(key) >= before) judge.fault(`${id} is approved, and a call of ${name} did not use it`);
  }
}

/** The log on record holds what was written in the transactions, each once. */
async function compareRecords(town: Town, judge: Judge): Promise<void> {
  const kept: string[] = [];
  for await (const { kind, body } of town.process(0).raw.links()) {
    const event = kind === 'event' ? objAt({ body: JSON.parse(body) }, 'body')['event'] : undefined;
    if (kind === 'call' || String(event).startsWith('approval ')) kept.push(body);
  }
  if (kept.length === 0) return;
  const wanted = town.notes.flatMap((note) => {
    if (note.what === 'change') return note.isUndone ? [] : note.changes.records.map(({ body }) => body);
    if (note.what !== 'commit' || note.isUndone) return [];
    return [canonicalJson(note.body as JsonObject), ...(note.ruling?.records ?? []).map(({ body }) => body)];
  });
  if (kept.toSorted().join('\n') !== wanted.toSorted().join('\n')) judge.fault('the log is not what was written');
}
