import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { ApprovalStore } from '../../src/gateway/approvals/approval-ports.ts';
import type { LogReading, ValueKeeping, ValueReading } from '../../src/gateway/audit/audit-ports.ts';
import type { ExportPlaces } from '../../src/gateway/audit/export-ports.ts';
import type { PinStore, Store } from '../../src/gateway/ports.ts';
import { openSqliteStore, type SqliteOptions } from '../../src/store/sqlite/open.ts';
import { START } from './story.ts';

export interface Folder {
  readonly path: () => string;
  /** The database's file. */
  readonly file: () => string;
  /** Opens a store that is closed after the test. */
  open(
    options?: Partial<SqliteOptions>,
  ): Promise<
    Store &
      PinStore &
      ApprovalStore &
      LogReading & { readonly exports: ExportPlaces; readonly kept: ValueReading & ValueKeeping }
  >;
  /** What the stores had to complain of. */
  readonly faults: string[];
}

/** A fresh data folder for each test. */
export function freshFolder(): Folder {
  let path = '';
  let opened: Store[] = [];
  const faults: string[] = [];
  beforeEach(async () => {
    path = await mkdtemp(join(tmpdir(), 'toolgate-store-'));
  });
  afterEach(async () => {
    for (const store of opened) await store.close();
    opened = [];
    faults.length = 0;
    await rm(path, { recursive: true, force: true });
  });
  return {
    path: () => path,
    file: () => join(path, 'toolgate.db'),
    faults,
    open: async (options) => {
      const store = await openSqliteStore({
        folder: path,
        sync: 'interval',
        clock: { now: () => START },
        onFault: (message) => faults.push(message),
        ...options,
      });
      opened.push(store);
      return store;
    },
  };
}
