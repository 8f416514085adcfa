import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { show, toolOf } from './pinning.ts';
import { START } from './story.ts';

// A process of its own that shows the store a server's list, for many servers: FOLDER NAME SERVERS.
// Every process describes the tools in its own words. It prints "done" at the end.
const [folder, name, servers] = process.argv.slice(2);
if (folder === undefined || name === undefined) throw new Error('FOLDER NAME SERVERS');
const store = await openSqliteStore({
  folder,
  sync: 'interval',
  clock: { now: () => START },
  onFault: (message) => process.stdout.write(`trouble ${message}\n`),
});
for (let n = 0; n < Number(servers); n += 1) {
  await show(store, `server-${n}`, toolOf('read', `as ${name} has it`), toolOf('write', `as ${name} has it`));
}
process.stdout.write('done\n');
await store.close();
