import type { Approval } from '../../src/gateway/approvals/approval.ts';
import type { ApprovalRuling, KnownApprovals } from '../../src/gateway/approvals/approval-ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { approved, asking, become, changes, event, notice, question, usedBy } from './asking.ts';
import { limit, START } from './story.ts';

// A process of its own that has to do with approvals: FOLDER NAME ROUNDS.
// In each round it asks a question with a call, answers it as a person would, and uses it with another call. It prints "asked ID",
// "approved ID" and "used ID" when it is told so, and does not close the store: it ends with its work, or when it is killed.
const [folder, name, rounds] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error('FOLDER NAME ROUNDS');
const store = await openSqliteStore({
  folder,
  sync: 'interval',
  clock: { now: () => START },
  onFault: (message) => say(`trouble ${message}`),
});
const counted = { reservations: [limit('sends', 1, { onExceed: 'require_approval' })] };
say('ready');
await Promise.all([0, 1, 2, 3].map(work));

async function work(lane: number): Promise<void> {
  for (let round = 0; round < Number(rounds); round += 1) {
    const id = `ap_${name}-${lane}-${round}`;
    const asked = question(id, { key: id });
    await store.commit(asking(`ask-${id}`, asked, () => asks(asked), counted));
    say(`asked ${id}`);
    await become(store, id, approved);
    say(`approved ${id}`);
    await store.commit(asking(`use-${id}`, asked, (known) => uses(known, `use-${id}`), counted));
    say(`used ${id}`);
  }
}

function asks(asked: Approval): ApprovalRuling {
  const records = [event(`asked-${asked.id}`, 'approval asked')];
  return { effect: 'stop', ...changes([asked], { records, notices: [notice(`n-${asked.id}`)] }) };
}

function uses({ same }: KnownApprovals, pass: string): ApprovalRuling {
  const one = same.find(({ state }) => state === 'approved');
  if (one === undefined) throw new Error(`nothing was approved for ${pass}`);
  return { effect: 'pass', ...changes([usedBy(one, pass)], { records: [event(`used-${one.id}`, 'approval used')] }) };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
