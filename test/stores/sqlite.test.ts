import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { storeContract } from './contract.ts';

for (const sync of ['interval', 'before-send', 'before-reply'] as const) {
  storeContract(`SQLite (${sync})`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'toolgate-store-'));
    return {
      open: (options) =>
        openSqliteStore({
          ...options,
          folder,
          sync,
          clock: { now: () => Date.now() },
          onFault: (message) => {
            throw new Error(message);
          },
        }),
      remove: () => rm(folder, { recursive: true }),
    };
  });
}
