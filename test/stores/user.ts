import type { ApprovalRuling, KnownApprovals } from '../../src/gateway/approvals/approval-ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { asking, changes, question, usedBy } from './asking.ts';
import { limit, START } from './story.ts';

// A process of its own that makes every approved call once: FOLDER NAME APPROVALS.
// It prints "used ID" for each call that passed, and "done" at the end.
const [folder, name, approvals] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error('FOLDER NAME APPROVALS');
const store = await openSqliteStore({
  folder,
  sync: 'interval',
  clock: { now: () => START },
  onFault: (message) => process.stdout.write(`trouble ${message}\n`),
});
const counted = { reservations: [limit('sends', 1, { onExceed: 'require_approval' })] };
for (let n = 0; n < Number(approvals); n += 1) {
  const pass = `${name}-${n}`;
  const asked = question(`ap_${n}`, { key: `key ${n}` });
  let isUsed = false;
  const settle = ({ same }: KnownApprovals): ApprovalRuling => {
    const one = same.find(({ state }) => state === 'approved');
    isUsed = one !== undefined;
    return one === undefined ? { effect: 'stop', ...changes([]) } : { effect: 'pass', ...changes([usedBy(one, pass)]) };
  };
  const body = () => JSON.stringify({ isUsed });
  await store.commit(asking(pass, asked, settle, { ...counted, body }));
  if (isUsed) process.stdout.write(`used ap_${n}\n`);
}
process.stdout.write('done\n');
await store.close();
