import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';
import { fakeStore } from '../faults/fake-store.ts';
import { journal } from '../faults/journal.ts';
import { approvalContract } from './approving.ts';
import { START, verified } from './story.ts';

approvalContract('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'toolgate-store-'));
  return {
    open: (options) =>
      openSqliteStore({
        ...options,
        folder,
        sync: 'interval',
        clock: { now: () => START },
        onFault: (message) => {
          throw new Error(message);
        },
      }),
    records: verified,
    remove: () => rm(folder, { recursive: true }),
  };
});

approvalContract('The store of tests', async () => {
  const book = journal();
  const { approvals, ...rest } = fakeStore(book);
  const both = { ...approvals, ...rest, approvals: approvals.approvals };
  return {
    open: async () => both,
    records: async () =>
      book.lines.flatMap((line) => (line.what === 'recorded' ? [{ ...line, body: JSON.stringify(line.body) }] : [])),
    remove: async () => {},
  };
});
