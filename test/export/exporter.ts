import { randomUUID } from 'node:crypto';
import { systemClock } from '../../src/compose/clock.ts';
import { Exports } from '../../src/export/exports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { plansBy, toFile, toHttp } from './plans.ts';

// A process of its own that exports what the store in a folder holds: FOLDER (http URL | file FILE). It prints what it has to tell, and ends when
// its input does, or when it is killed.
const [folder, to, where] = process.argv.slice(2);
if (folder === undefined || where === undefined) throw new Error('FOLDER (http URL | file FILE)');
const clock = systemClock();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const store = await openSqliteStore({ folder, sync: 'interval', clock, onFault: (fault) => say(`trouble ${fault}`) });
const exports = new Exports({
  store,
  clock: { ...clock, after: (ms, action) => clock.after(ms / 50, action) },
  crypto: { id: randomUUID },
  log: say,
  version: '1.2.3',
  ownFiles: () => [],
});
void exports.apply(plansBy([to === 'file' ? toFile(where) : toHttp({ url: where })]));
say('ready');
process.stdin.resume().once('end', async () => {
  await exports.stop();
  await store.close();
});
