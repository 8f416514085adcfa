import { chmodSync, chownSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreFault } from '../../src/gateway/ports.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { START } from './story.ts';

// A process without the right to write in FOLDER, which holds a store: prints how opening it failed.
const NOBODY = 65_534;
const folder = process.argv[2];
if (folder === undefined) throw new Error('FOLDER');
const file = join(folder, 'toolgate.db');
if (process.getuid?.() === 0) {
  chownSync(folder, NOBODY, NOBODY);
  chownSync(file, NOBODY, NOBODY);
}
chmodSync(file, 0o400);
chmodSync(folder, 0o500);
if (process.getuid?.() === 0) process.setuid?.(NOBODY);
try {
  await openSqliteStore({ folder, sync: 'interval', clock: { now: () => START }, onFault: () => {} });
  writeSync(1, 'opened');
} catch (error) {
  writeSync(1, error instanceof StoreFault ? error.message : `not a StoreFault: ${error}`);
}
