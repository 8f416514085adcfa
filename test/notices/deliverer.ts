import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/compose/clock.ts';
import { Courier } from '../../src/notices/courier.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { hookOf } from './post-office.ts';

// A process of its own that delivers what the store in a folder holds: FOLDER URL AHEAD_MS. Its clock goes ahead of the machine's by so much.
// It prints "ready", and stops in order when its input ends.
const [folder, url, ahead] = process.argv.slice(2);
if (folder === undefined || url === undefined) throw new Error('FOLDER URL AHEAD_MS');
const system = systemClock();
const clock = { ...system, now: () => system.now() + Number(ahead) };
const store = await openSqliteStore({
  folder,
  sync: 'interval',
  clock,
  onFault: (message) => process.stdout.write(`trouble ${message}\n`),
});
const hooks = new Map([['ops', hookOf('ops', url)]]);
const courier = new Courier({
  store,
  clock,
  crypto: { id: randomUUID },
  hooks: () => hooks,
  log: (line) => process.stdout.write(`${line}\n`),
});
courier.start();
process.stdout.write('ready\n');
process.stdin.resume().once('end', async () => {
  await courier.stop();
  await store.close();
});
